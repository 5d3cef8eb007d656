// Ace by DAISY for one book after another, in one browser: to start both takes as long as to look at a small book.
//
// node ace.mjs: each line of the input names a book and a folder as JSON; the report is written into the folder, and
// answered with a line: null, or why there is none. The browser is $PUPPETEER_EXECUTABLE_PATH. It ends with its input.
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

// Nobody's own settings, and no log left behind; parallel runs share nothing.
const own = await mkdtemp(join(tmpdir(), 'ace-'))
process.env.XDG_CONFIG_HOME = process.env.XDG_STATE_HOME = own
// A busy machine may take longer than Ace's five seconds to start a browser.
process.env.ACE_TIMEOUT_INITIAL = '60000'

const require = createRequire(import.meta.url)
const ace = require('@daisy/ace-core')
const runner = require('@daisy/ace-axe-runner-puppeteer')
// What Ace tells on its way goes to the log alone: the output is for answers.
require('@daisy/ace-logger').initLogger({ silent: true })

let started
const kept = { ...runner, launch: () => started ??= runner.launch(), close: async () => {} }

for await (const line of createInterface({ input: process.stdin })) {
    const [book, folder] = JSON.parse(line)
    const options = { cwd: folder, outdir: join(folder, 'out'), tmpdir: join(folder, 'tmp') }
    const failed = await ace(book, options, kept).then(() => null, error => String(error?.message ?? error))
    console.log(JSON.stringify(failed))
}
if (started) await started.then(runner.close)
await rm(own, { recursive: true })
