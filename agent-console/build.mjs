// Type check, unit tests and bundle of the console, skipped when no input has changed.
//
// The result depends on the content of the inputs alone, so it is kept under that content's hash:
// in the stamp beside the output, and in the user's cache, from where a second checkout takes it.
// With CI set the cache is not read: there everything is checked and tested again.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const here = import.meta.dirname
const output = path.resolve(process.argv[2] ?? path.join(here, 'target/classes/console'))
const stamp = `${output}.stamp`
const cache = path.join(
  process.env.CARELINE_CACHE || path.join(os.homedir(), '.cache/careline'),
  'console'
)
const KEPT = 4

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `agent-console: Node.js ${process.versions.node} is too old; install 20.19 or newer (package nodejs)`
  )
  process.exit(1)
}

function filesUnder(name) {
  const full = path.join(here, name)
  if (!fs.existsSync(full)) return []
  if (!fs.statSync(full).isDirectory()) return [name]
  return fs
    .readdirSync(full)
    .sort()
    .flatMap((child) => filesUnder(path.join(name, child)))
}

function hash(names) {
  const sum = createHash('sha256')
  for (const name of names) {
    const bytes = fs.readFileSync(path.join(here, name))
    sum.update(`${name}\0${bytes.length}\0`)
    sum.update(bytes)
  }
  return sum.digest('hex')
}

const inputs = ['package.json', 'package-lock.json', '.npmrc', 'build.mjs', 'index.html']
  .concat(['vite.config.ts', 'tsconfig.json', 'src', 'public', 'test'])
  .flatMap(filesUnder)
const wanted = hash(inputs)

const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '')
const whole = (folder) => fs.existsSync(path.join(folder, 'index.html'))

if (read(stamp) === wanted && whole(output)) {
  process.exit(0)
}

function place(from) {
  fs.rmSync(output, { recursive: true, force: true })
  fs.mkdirSync(path.dirname(output), { recursive: true })
  fs.cpSync(from, output, { recursive: true })
  fs.writeFileSync(stamp, wanted)
}

const cached = path.join(cache, wanted)
if (!process.env.CI && whole(cached)) {
  place(cached)
  process.exit(0)
}

function run(command, ...args) {
  const done = spawnSync(command, args, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.status !== 0) {
    console.error(`agent-console: ${command} ${args.join(' ')} failed`)
    process.exit(1)
  }
}

const installed = path.join(here, 'node_modules/.careline')
const lock = hash(['package.json', 'package-lock.json', '.npmrc'])
if (read(installed) !== lock) {
  run('npm', 'ci', '--prefer-offline', '--no-fund', '--no-audit', '--loglevel=error')
  fs.writeFileSync(installed, lock)
}
const fresh = path.join(here, 'target', `bundle-${process.pid}`)
fs.rmSync(fresh, { recursive: true, force: true })
run('npm', 'run', '--silent', 'check')
run('npm', 'run', '--silent', 'test')
run('npm', 'run', '--silent', 'bundle', '--', '--logLevel', 'warn', '--outDir', fresh, '--emptyOutDir')
place(fresh)

// Another build may be doing the same: the folder appears whole, by one rename.
try {
  fs.mkdirSync(cache, { recursive: true })
  if (!fs.existsSync(cached)) fs.renameSync(fresh, cached)
  const old = fs
    .readdirSync(cache)
    .map((name) => ({ name, at: fs.statSync(path.join(cache, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .slice(KEPT)
  for (const { name } of old) fs.rmSync(path.join(cache, name), { recursive: true, force: true })
} catch (problem) {
  if (problem.code !== 'EXDEV') console.error(`agent-console: not cached: ${problem.message}`)
}
fs.rmSync(fresh, { recursive: true, force: true })
