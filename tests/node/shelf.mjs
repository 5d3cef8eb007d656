// What the reading systems of the tests stand on: a Chromium, and a server that has them and a book.
import { accessSync, constants } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { delimiter, extname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer-core'

const MIME = { '.js': 'text/javascript', '.html': 'text/html', '.epub': 'application/epub+zip' }
const FOLIATE = fileURLToPath(new URL('node_modules/foliate-js/', import.meta.url))
const SCRIPTS = {
    '/epubjs.js': new URL('node_modules/epubjs/dist/epub.min.js', import.meta.url),
    '/jszip.js': new URL('node_modules/jszip/dist/jszip.min.js', import.meta.url),
}
const BROWSERS = ['chromium-headless-shell', 'chrome-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']

// Chromium says this of each page that a reader shows; the policy of the shell is what keeps scripts out.
export const EXPECTED = 'An iframe which has both allow-scripts and allow-same-origin'

// The policy that foliate-js asks for: a book may neither run scripts nor reach the network.
const POLICY = `default-src 'self' blob:; script-src 'self'; style-src 'self' blob: 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self' blob: data:; connect-src 'self' blob: data:; frame-src 'self' blob: data:; object-src blob: data:; form-action 'none'`
const shell = (scripts, rest = '') => `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="icon" href="data:,">
<title>Reader</title>
<style>html, body { height: 100%; margin: 0 } foliate-view { display: block; height: 100% }</style>
${scripts}
${rest}`
const SHELLS = {
    '/': shell('<script src="/view.js" type="module"></script>'),
    '/epubjs': shell('<script src="/jszip.js"></script><script src="/epubjs.js"></script>', '<div id="area"></div>'),
}

const findBrowser = () => {
    if (process.env.CHROMIUM) return process.env.CHROMIUM
    for (const name of BROWSERS) for (const folder of (process.env.PATH ?? '').split(delimiter)) {
        try {
            accessSync(join(folder, name), constants.X_OK)
            return join(folder, name)
        } catch { /* not here */ }
    }
    throw new Error('no Chromium found: name it in $CHROMIUM')
}

// The book is ours and can run no script; the sandbox of Chromium does not start as root or in containers.
export const launch = () => puppeteer.launch({
    executablePath: findBrowser(), args: ['--no-sandbox', '--disable-dev-shm-usage'], timeout: 60_000,
})

// Serves the books at /book.epub, /1.epub, /2.epub …, the first one under both names.
export const serve = async (...books) => {
    const answer = async path => {
        if (SHELLS[path]) return ['text/html', SHELLS[path]]
        if (SCRIPTS[path]) return [MIME['.js'], await readFile(SCRIPTS[path])]
        const number = /^\/(\d+|book)\.epub$/.exec(path)?.[1]
        if (number) return [MIME['.epub'], await readFile(books[number === 'book' ? 0 : number - 1])]
        const file = resolve(FOLIATE, `.${path}`)
        if (!file.startsWith(resolve(FOLIATE) + sep)) throw new Error('outside of the reader')
        return [MIME[extname(file)] ?? 'application/octet-stream', await readFile(file)]
    }
    const server = createServer((request, response) => {
        answer(decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
            .then(([type, body]) => response.writeHead(200, { 'Content-Type': type }).end(body))
            .catch(() => response.writeHead(404).end())
    })
    // Port 0: the system picks a free one, so that several readers can run at once.
    await new Promise((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done))
    return server
}
