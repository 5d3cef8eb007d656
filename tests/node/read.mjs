// Shows a book in a real reading system (foliate-js in Chromium) and takes a picture of each page.
import { readFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { EXPECTED, launch, serve } from './shelf.mjs'

const USAGE = `node read.mjs BOOK.epub OUTDIR [--dark] [--keep-colors] [--size PERCENT] [--width PX] [--height PX] [--pages N]

  --dark         the reader's dark theme: the system says "dark", and the reader forces its own colours
  --keep-colors  with --dark: the system says "dark", and the book's own colours stay
  --size         the reader's text size, as a percentage (100)
  --width        of the window, in pixels (600); the reader shows two columns above 720
  --height       of the window, in pixels (800)
  --pages        stop after so many pages

Writes OUTDIR/001.png, 002.png ... The browser is $CHROMIUM, or a Chromium on PATH.`

// What a reader sets before the book's own style sheets: defaults that the book may override.
const BEFORE = `
@namespace epub "http://www.idpf.org/2007/ops";
html { color-scheme: light dark; line-height: 1.4; orphans: 2; widows: 2 }
aside[epub|type~="footnote"] { display: none }
`

// What a reader sets after them, and forces. The system colours follow the colour scheme.
const after = ({ dark, keepColors, size }) => `
html { font-size: ${size}% !important }
${dark && !keepColors ? `
html, body { color: CanvasText !important; background: none !important }
body * { color: inherit !important; border-color: currentColor !important; background-color: Canvas !important }
a:any-link { color: LinkText !important }
` : ''}`

class UsageError extends Error {}

const number = (value, name) => {
    const result = Number(value)
    if (!Number.isInteger(result) || result < 1) throw new UsageError(`--${name} takes a whole number above 0, not ${value}`)
    return result
}

const readArguments = () => {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            'dark': { type: 'boolean', default: false },
            'keep-colors': { type: 'boolean', default: false },
            'size': { type: 'string', default: '100' },
            'width': { type: 'string', default: '600' },
            'height': { type: 'string', default: '800' },
            'pages': { type: 'string', default: '1000' },
        },
    })
    if (positionals.length !== 2) throw new UsageError('a book and a folder are needed')
    const [book, folder] = positionals
    return {
        book, folder, dark: values.dark, keepColors: values['keep-colors'],
        ...Object.fromEntries(['size', 'width', 'height', 'pages'].map(name => [name, number(values[name], name)])),
    }
}

const openBook = async styles => {
    await customElements.whenDefined('foliate-view')
    const view = document.createElement('foliate-view')
    document.body.append(view)
    await view.open('/book.epub')
    view.renderer.setStyles?.(styles)
    globalThis.view = view
    await view.init({ showTextStart: false })
}

// A page is ready when its fonts and pictures are there and two frames have been painted since.
const settle = async () => {
    for (const { doc } of globalThis.view.renderer.getContents()) {
        await doc.fonts.ready
        await Promise.all(Array.from(doc.images, image => image.decode().catch(() => {})))
    }
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
}

// Whether there was a next page. A reader stays where it is at the end of the book.
const nextPage = async () => {
    const { renderer } = globalThis.view
    const place = () => JSON.stringify([renderer.getContents().map(({ index }) => index), renderer.page])
    if (renderer.atEnd) return false
    const before = place()
    await globalThis.view.next()
    return place() !== before
}

const read = async ({ book, folder, dark, keepColors, size, width, height, pages }) => {
    await readFile(book)
    await mkdir(folder, { recursive: true })
    const server = await serve(book)
    const browser = await launch()
    const problems = []
    try {
        const page = await browser.newPage()
        page.on('pageerror', error => problems.push(String(error)))
        page.on('console', message => {
            const seen = ['error', 'warn'].includes(message.type()) && !message.text().startsWith(EXPECTED)
            if (seen) problems.push(message.text())
        })
        await page.setViewport({ width, height })
        await page.emulateMediaFeatures([
            { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
            { name: 'prefers-reduced-motion', value: 'reduce' },
        ])
        await page.goto(`http://127.0.0.1:${server.address().port}/`)
        await page.evaluate(openBook, [BEFORE, after({ dark, keepColors, size })])
        let count = 0
        do {
            await page.evaluate(settle)
            count += 1
            await page.screenshot({ path: join(folder, `${String(count).padStart(3, '0')}.png`) })
        } while (count < pages && await page.evaluate(nextPage))
        console.log(`${count} pages in ${folder}`)
    } finally {
        await browser.close()
        server.close()
    }
    if (problems.length) throw new Error(`the reader complains:\n${problems.join('\n')}`)
}

try {
    await read(readArguments())
} catch (error) {
    const misused = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS')
    console.error(misused ? `${error.message}\n\n${USAGE}` : error.message)
    process.exitCode = 1
}
