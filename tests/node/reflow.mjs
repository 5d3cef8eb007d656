// Sets books in two real reading systems (foliate-js and epub.js in Chromium) at the widths, text sizes and settings of
// readers, and tells what overflows, overprints, or leaves a page blank; and how wide charts are shown.
import { parseArgs } from 'node:util'
import { EXPECTED, launch, serve } from './shelf.mjs'

const USAGE = `node reflow.mjs [--widths=PX,PX...] BOOK.epub [BOOK.epub ...]

Prints a line of JSON for each finding and each chart, and one with the number of documents looked at; the browser is $CHROMIUM, or on PATH.`

// Phones, a tablet, a screen: one column, two of them above 720 px.
const WIDTHS = [320, 360, 412, 768, 1200]
const HEIGHT = 640
const SIZES = [100, 200, 300]

// What every reader sets, whatever the book says: as ReadiumCSS does.
const READERS = 'img, svg { max-width: 100% !important; max-height: 90vh !important; object-fit: contain } body { overflow-wrap: break-word }'
const SETTINGS = {
    'as published': '',
    // WCAG 2.2, 1.4.12
    'text spacing': '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }',
    'styles off': READERS,
    'dark': 'html, body { color: CanvasText !important; background: none !important } body * { color: inherit !important; border-color: currentColor !important; background-color: Canvas !important } a:any-link { color: LinkText !important }',
}

// Runs in the page: sets a document of the book in each way in turn, and looks at each.
const survey = async ({ sizes, settings, dark }) => {
    const doc = globalThis.currentDocument()
    const view = doc.defaultView
    const sheets = [...doc.querySelectorAll('link[rel~=stylesheet]')]
    const own = doc.createElement('style')
    doc.head.append(own)
    for (const folded of doc.querySelectorAll('details')) folded.open = true
    await doc.fonts.ready
    await Promise.all(Array.from(doc.images, image => image.decode().catch(() => {})))
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    const show = node => (node.nodeType === 3 ? node.data.trim().slice(0, 30) : node.getAttribute('class') || node.getAttribute('alt') || node.localName)

    const columns = () => {
        const holder = [doc.documentElement, doc.body].find(e => view.getComputedStyle(e).columnWidth !== 'auto')
        if (!holder) throw new Error('the reader shows no columns')
        const style = view.getComputedStyle(holder)
        const gap = parseFloat(style.columnGap)
        const box = holder.getBoundingClientRect()
        const room = box.width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
        const count = Math.max(1, Math.floor((room + gap) / (parseFloat(style.columnWidth) + gap)))
        return {
            start: box.left + parseFloat(style.paddingLeft), width: (room + gap) / count - gap, gap,
            top: box.top + parseFloat(style.paddingTop), bottom: box.bottom - parseFloat(style.paddingBottom),
        }
    }

    // Heads of tables that are lists are for those who listen.
    const unseen = node => node.closest('thead') && view.getComputedStyle(node.closest('thead')).clipPath !== 'none'

    // Without any styles (`bare`) a table is as wide as its words, in every book.
    const look = (ends, bare) => {
        const found = []
        const { start, width, gap, top, bottom } = columns()
        const texts = [], pictures = [], order = [], pages = new Map()
        const place = (node, rect, cut = 0) => {
            const column = Math.floor((rect.left - start + 2) / (width + gap))
            order.push([node, column])
            const left = rect.left - start - column * (width + gap)
            if (left < -2 || left + rect.width > width + 2)
                found.push(`'${show(node)}' is ${Math.round(Math.max(-left, left + rect.width - width))} px wider than its page`)
            if (rect.bottom - cut > bottom + 2) found.push(`'${show(node)}' is ${Math.round(rect.bottom - cut - bottom)} px below its page`)
            for (let other = column; start + other * (width + gap) < rect.right - 2; other++) pages.set(other, show(node))
        }
        const walker = doc.createTreeWalker(doc.body, 5)
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (node.nodeType === 1) {
                if (node.localName !== 'img' && node.localName !== 'svg') continue
                const rect = node.getBoundingClientRect()
                if (rect.width && rect.height) { place(node, rect); pictures.push([node, rect]) }
            } else if (node.data.trim() && !node.parentNode.closest('svg') && !unseen(node.parentNode)) {
                const table = bare && node.parentNode.closest('.own, .diary')
                const range = doc.createRange()
                range.selectNodeContents(node)
                for (const rect of range.getClientRects()) {
                    if (rect.width < 1 || rect.height < 1) continue
                    if (table) {
                        pages.set(Math.floor((rect.left - start + 2) / (width + gap)), show(node))
                        continue
                    }
                    const cut = rect.height * 0.25  // the box of a line is taller than its letters
                    place(node, rect, cut)
                    texts.push([node, { left: rect.left + 1, right: rect.right - 1, top: rect.top + cut, bottom: rect.bottom - cut }])
                }
            }
        }
        const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
        texts.forEach(([node, rect], number) => {
            for (const [other, place] of texts.slice(number + 1, number + 60)) if (meet(rect, place)) found.push(`'${show(node)}' and '${show(other)}' are printed on each other`)
            for (const [picture, place] of pictures) if (meet(rect, place)) found.push(`'${show(node)}' is printed on ${show(picture)}`)
        })
        // A heading is read at a glance; one that takes most of a page may go on on the next.
        for (const head of bare ? [] : doc.querySelectorAll('h1, h2, h3')) {
            const at = new Set(order.filter(([node]) => head.contains(node)).map(([, column]) => column))
            const high = Array.from(head.getClientRects(), rect => rect.height).reduce((sum, height) => sum + height, 0)
            if (at.size > 1 && high < (bottom - top) * 0.6) found.push(`the heading '${head.textContent.trim().slice(0, 30)}' is divided between pages`)
        }
        // Where a page of the print begins is where readers are led to.
        for (const mark of ends ? doc.querySelectorAll('[role~="doc-pagebreak"]') : []) {
            const column = Math.floor((mark.getBoundingClientRect().left - start + 2) / (width + gap))
            const next = order.find(([node]) => mark.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING)
            if (next && next[1] !== column) found.push(`'${mark.id}' is not on the page of what follows it`)
        }
        // A page may not have nothing but links that lead on.
        for (const see of ends ? doc.querySelectorAll('.see, .references') : []) {
            const at = order.filter(([node]) => see.contains(node)).map(([, column]) => column)
            const others = order.some(([node, column]) => column === at[0] && !node.parentElement.closest('.see, .references'))
            if (at.length && !others) found.push(`'${show(see)}' stands alone on its page`)
        }
        // Heads, names and the words above a list stand on the page of what they are about; a row is whole.
        for (const head of ends ? doc.querySelectorAll('h1, h2, h3, .card + .card .identity, .safety-head, .group + .group .lead, .row > .of') : []) {
            const last = order.findLastIndex(([node]) => head.contains(node))
            if (last >= 0 && last + 1 < order.length && order[last][1] !== order[last + 1][1])
                found.push(`'${show(order[last][0])}' stands alone at the end of its page`)
        }
        for (let page = 0; page < Math.max(0, ...pages.keys()); page++) if (!pages.has(page)) found.push(`page ${page + 1} is blank, after '${pages.get(page - 1)}'`)
        return [...new Set(found)]
    }

    const result = []
    // foliate-js fixes what the book's styles said when it loaded them.
    const fixed = Array.from(doc.images, image => [image, image.getAttribute('style')])
    for (const [setting, css] of Object.entries(settings)) for (const size of sizes) {
        if (setting === 'dark' && (!dark || size > 100)) continue  // colours move nothing
        for (const sheet of sheets) sheet.disabled = setting === 'styles off'
        for (const [image, style] of fixed) image.setAttribute('style', setting === 'styles off' ? '' : style ?? '')
        own.textContent = `html { font-size: ${size}% !important } ${css}`
        await doc.fonts.ready
        const found = look(size === 100 && setting === 'as published', setting === 'styles off')
        result.push([setting, size, found])
    }
    for (const sheet of sheets) sheet.disabled = false
    own.remove()
    const charts = Array.from(doc.querySelectorAll('img.chart'), image => [image.className, image.getBoundingClientRect().width])
    return [result, charts]
}

const READING = {
    'foliate-js': {
        shell: '/',
        open: async address => {
            await customElements.whenDefined('foliate-view')
            const view = document.createElement('foliate-view')
            document.body.append(view)
            await view.open(address)
            await view.init({ showTextStart: false })
            globalThis.currentDocument = () => view.renderer.getContents()[0].doc
            globalThis.goTo = async index => view.renderer.goTo({ index })
            return view.book.sections.length
        },
    },
    'epub.js': {
        shell: '/epubjs',
        open: async address => {
            const book = globalThis.ePub(address)
            const rendition = book.renderTo('area', { width: innerWidth, height: innerHeight, flow: 'paginated' })
            await rendition.display()
            globalThis.currentDocument = () => rendition.getContents()[0].document
            globalThis.goTo = async index => {
                rendition.resize(innerWidth, innerHeight)
                await rendition.display(index)
            }
            return book.spine.length
        },
    },
}

const read = async (books, widths) => {
    const server = await serve(...books)
    const browser = await launch()
    const problems = []
    let looked = 0
    try {
        await Promise.all(Object.entries(READING).map(async ([reader, { shell, open }]) => {
            for (const [number, book] of books.entries()) {
                const page = await browser.newPage()
                page.on('pageerror', error => problems.push(`${reader}: ${error}`))
                page.on('console', message => {
                    const seen = ['error', 'warn'].includes(message.type()) && !message.text().startsWith(EXPECTED)
                    if (seen) problems.push(`${reader}: ${message.text()}`)
                })
                await page.setViewport({ width: widths[0], height: HEIGHT })
                await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }])
                await page.goto(`http://127.0.0.1:${server.address().port}${shell}`)
                const count = await page.evaluate(open, `/${number + 1}.epub`)
                for (const width of widths) {
                    await page.setViewport({ width, height: HEIGHT })
                    for (let index = 0; index < count; index++) {
                        await page.evaluate(index => globalThis.goTo(index), index)
                        const [result, charts] = await page.evaluate(survey, { sizes: SIZES, settings: SETTINGS, dark: width === widths[0] })
                        for (const [chart, shown] of charts) console.log(JSON.stringify({ book, reader, width, document: index, chart, shown }))
                        for (const [setting, size, found] of result) {
                            looked += 1
                            for (const what of found) console.log(JSON.stringify({ book, reader, width, size, setting, document: index, what }))
                        }
                    }
                }
                await page.close()
            }
        }))
    } finally {
        await browser.close()
        server.close()
    }
    if (problems.length) throw new Error(`a reader complains:\n${[...new Set(problems)].join('\n')}`)
    console.log(JSON.stringify({ looked }))
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { widths: { type: 'string' } } })
if (!positionals.length) {
    console.error(USAGE)
    process.exitCode = 1
} else {
    await read(positionals, values.widths?.split(',').map(Number) ?? WIDTHS)
}
