// Serves the built console and a made-up engine on loopback:
//   node test/mock/server.mjs FOLDER PORT
// The scene (idle, ready, call, callback, heard, wrapup, down) is set by POST /scene.
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { WebSocketServer } from 'ws'
import { callersAnswer } from './callers.mjs'
import { figuresAnswer } from './figures.mjs'
import { mattersAnswer } from './matters.mjs'
import { planningAnswer } from './planning.mjs'
import { policiesAnswer } from './policies.mjs'
import { questionnairesAnswer } from './questionnaires.mjs'
import { roundsAnswer } from './rounds.mjs'
import * as world from './world.mjs'

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

export function serve(folder, port = 0) {
  let scene = 'idle'
  let who = null
  const saved = {}

  const status = () =>
    scene === 'down' ? { ...world.status, database: 'down' } : world.status
  const work = () =>
    ({ call: world.callWork, stranger: world.strangerWork, wrapup: world.callWork, callback: callback, heard: () => ({ ...callback(), state: 'heard' }), task: world.taskWork })[scene]?.() ?? null
  const callback = () => {
    const attempt = world.attemptWork()
    return { ...attempt, answers: { ...attempt.answers, ...saved } }
  }
  const snapshot = () => ({
    type: 'snapshot',
    waiting: world.waiting(),
    agents: world.agents(scene),
    rounds: world.rounds(),
    work: work(),
    status: status()
  })

  const routes = {
    'GET /session': () => who ?? [401, { error: 'signed_out', message: '' }],
    'DELETE /session': () => ((who = null), [204]),
    'POST /softphone': () => ({ deskPhone: 'sip:8001@127.0.0.2:18006' }),
    'GET /campaigns': world.campaigns,
    'GET /lines': world.lines,
    'GET /prompts': () => world.prompts,
    'GET /calendars': () => [{ code: 'cn', years: [2025, 2026] }],
    'GET /transfer-targets': () => ({
      agents: [],
      lines: [{ code: 'main', nameEn: 'Service line', nameZh: '服务热线' }]
    }),
    'GET /dispositions': () => [
      { code: 'solved', nameEn: 'Solved', nameZh: '已解决' },
      { code: 'follow_up', nameEn: '<img src=x onerror=alert(1)>', nameZh: '需要后续跟进并由服务商上门处理' }
    ],
    'GET /work': work,
    'GET /status': status
  }

  function answer(request, url, body) {
    const numbered = callersAnswer(`${request.method} ${url.pathname.slice('/api/v1'.length)}`, url)
    if (numbered !== undefined && who) return numbered
    const zh = request.headers['accept-language'] === 'zh'
    const key = `${request.method} ${url.pathname.slice('/api/v1'.length)}`
    if (key === 'POST /session') {
      const form = JSON.parse(body)
      if (form.password !== 'test' || !world.PEOPLE[form.login]) {
        return [401, { error: 'wrong_login', message: '' }]
      }
      return (who = world.PEOPLE[form.login])
    }
    if (key.startsWith('POST /calls/') && key.endsWith('/danger')) {
      return { danger: { word: '漏气', by: 'li', at: '2026-03-02T01:00:00Z', to: '刘倩' } }
    }
    const about = mattersAnswer(key, url, zh)
    if (about !== undefined) return about
    if (key.startsWith('GET /figures/') || key === 'GET /trunks' || key.includes('/contest')) return figuresAnswer(key, url)
    const planned = planningAnswer(key, url, body, zh)
    if (planned !== undefined) return planned
    const ruled = policiesAnswer(key, zh)
    if (ruled !== undefined) return ruled
    const asked = questionnairesAnswer(key, zh)
    if (asked !== undefined) return asked
    if (key.startsWith('PUT /attempts/')) return Object.assign(saved, JSON.parse(body)), [204]
    if (key.startsWith('GET /calls/') && key.endsWith('/round')) return world.waitingSites()
    if (key.startsWith('GET /campaigns/') && key.endsWith('/appointments')) return world.appointments()
    const ofRounds = roundsAnswer(key, url)
    if (ofRounds !== undefined) return ofRounds
    if (key === 'POST /imports/sites' || key === 'POST /imports/matters') return world.importResult(zh)
    if (key.startsWith('POST /campaigns/') && key.endsWith('/rounds')) return world.rounds()[0]
    if (key.startsWith('GET /calendars/')) return world.calendar(key)
    if (key === 'PUT /lines/main') {
      return [400, { error: 'invalid', message: zh ? 'number：号码 95555 已属于热线 night' : "number: the number 95555 is the line night's" }]
    }
    if (key === 'GET /tasks') return world.tasks(url.searchParams.get('over') === 'true')
    return routes[key]?.() ?? [204]
  }

  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://x')
    const parts = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString()
      if (url.pathname === '/scene') {
        scene = body
        for (const client of feed.clients) client.send(JSON.stringify(snapshot()))
        return response.end()
      }
      if (url.pathname.startsWith('/api/')) {
        const given = answer(request, url, body)
        const [code, value] = Array.isArray(given) && typeof given[0] === 'number' ? given : [200, given]
        response.writeHead(code, { 'Content-Type': 'application/json' })
        return response.end(value === undefined ? '' : JSON.stringify(value))
      }
      const name = url.pathname === '/' ? 'index.html' : url.pathname.slice(1)
      const file = path.join(folder, path.normalize(`/${name}`))
      if (!fs.existsSync(file)) return response.writeHead(404).end()
      response.writeHead(200, {
        'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
        'Content-Security-Policy':
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'"
      })
      response.end(fs.readFileSync(file))
    })
  })
  const feed = new WebSocketServer({ server, path: '/api/v1/feed' })
  feed.on('connection', (socket) => {
    socket.send(JSON.stringify(snapshot()))
    socket.on('message', () => socket.send(JSON.stringify({ type: 'heartbeat' })))
  })
  return new Promise((ready) =>
    server.listen(port, '127.0.0.1', () =>
      ready({
        url: `http://127.0.0.1:${server.address().port}/`,
        scene: (name) =>
          fetch(`http://127.0.0.1:${server.address().port}/scene`, { method: 'POST', body: name }),
        forget: () => (who = null),
        cut: () => feed.clients.forEach((client) => client.terminate()),
        close: () => (feed.clients.forEach((client) => client.terminate()), server.close())
      })
    )
  )
}

if (import.meta.filename === process.argv[1]) {
  const { url } = await serve(process.argv[2] ?? 'target/classes/console', Number(process.argv[3] ?? 0))
  console.log(url)
}
