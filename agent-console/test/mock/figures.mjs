// Made-up figures; their names and formulas are the engine's own. Texts here try to break the page.
import fs from 'node:fs'
import path from 'node:path'

const TEXTS = path.resolve(
  import.meta.dirname,
  '../../../engine/src/main/resources/org/careline/report/hotline'
)

function texts(file) {
  const lines = fs.readFileSync(path.join(TEXTS, file), 'utf8').split('\n')
  return Object.fromEntries(
    lines
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
  )
}

const en = texts('Figures.properties')
const zh = texts('Figures_zh.properties')
const SHARES =
  /service_level|abandonment|reached|hangup|rona|ring_answer|survey|satisfied|recognised|withheld|occupancy|utilisation|fcr|promises_kept|solved_on_phone|^matter.to_|undecided|unresolved|in_time/
const SECONDS =
  /asa|longest_wait|aht|talk|hold|acw|call_to_voice|logged_in|ready|ringing|on_call|wrapping|preview|outbound|time_to_done/

const unit = (id) => (SHARES.test(id) ? 'share' : SECONDS.test(id) ? 'seconds' : 'count')

function figuresOf(prefix) {
  return Object.keys(en)
    .filter((key) => !key.endsWith('.formula') && key !== 'agent' && !key.startsWith('identity.'))
    .filter((key) => (prefix ? key.startsWith(prefix) : !key.includes('.')))
    .map((key) => ({
      id: key.slice(prefix.length),
      unit: unit(prefix === 'matter.' ? key : key.slice(prefix.length)),
      textEn: en[key],
      textZh: zh[key],
      formulaEn: en[`${key}.formula`],
      formulaZh: zh[`${key}.formula`]
    }))
}

const hotline = figuresOf('')
const agent = figuresOf('agent.')
const ofMatters = [...figuresOf('matter.'), hotline.find((figure) => figure.id === 'fcr')]

export function matterFigures(url, matters) {
  const by = (url.searchParams.get('by') ?? '').split(',').filter(Boolean)
  return {
    ...head(url.searchParams),
    fcrWorkingDays: 10,
    by,
    figures: ofMatters,
    rows: matters.map((one, i) => {
      const place = { group: one.kind.split('-')[0], kind: one.kind, customer: one.customerName ?? '', agent: one.lastAgent ?? '' }
      return {
        ...Object.fromEntries(by.map((each) => [each, place[each]])),
        values: values(ofMatters, i + 2)
      }
    }),
    total: values(ofMatters, 9)
  }
}

function values(list, seed, marks = {}) {
  return Object.fromEntries(
    list.map((figure, index) => {
      const x = Math.abs(Math.sin(seed * 7 + index))
      const of = 40 + Math.round(x * 60)
      const amount =
        figure.unit === 'count'
          ? { value: Math.round(x * 120) }
          : figure.unit === 'share'
            ? { value: Math.round(of * (0.4 + x / 2)) / of, n: Math.round(of * (0.4 + x / 2)), of }
            : { value: 15 + x * 300, n: Math.round((15 + x * 300) * of), of }
      return [figure.id, { ...amount, ...(marks[figure.id] ?? {}) }]
    })
  )
}

const at = (iso, minutes) => new Date(Date.parse(iso) + minutes * 60_000).toISOString()
const head = (query) => ({
  from: query.get('from'),
  to: query.get('to'),
  at: new Date().toISOString(),
  zone: 'Asia/Shanghai',
  interval: query.get('interval')
})
const sum = (id, bins) => ({
  id,
  textEn: en[`identity.${id}`],
  textZh: zh[`identity.${id}`],
  formulaEn: en[`identity.${id}.formula`],
  formulaZh: zh[`identity.${id}.formula`],
  total: Object.values(bins).reduce((all, n) => all + n, 0) + (id === 'offered' ? 1 : 0),
  bins,
  difference: id === 'offered' ? 1 : 0,
  calls: id === 'offered' ? ['careline-1772413200.17 answered'] : []
})

function hotlineAnswer(query) {
  const by = (query.get('by') ?? '').split(',').filter(Boolean)
  const places = [
    { line: 'main', tier: 'platinum', skill: 'install', agent: '8001' },
    { line: 'main', tier: 'gold', skill: '', agent: '8002' },
    { line: '<img src=x onerror=alert(1)>', tier: 'standard', skill: 'repair', agent: '' }
  ]
  const times = query.get('interval')
    ? Array.from({ length: 20 }, (_, i) => at(query.get('from'), 480 + i * 30))
    : [undefined]
  return {
    ...head(query),
    shortAbandonSeconds: 5,
    fcrWorkingDays: 10,
    by,
    targets: [
      { line: 'main', tier: 'platinum', percent: 95, withinSeconds: 10 },
      { line: 'main', tier: 'gold', percent: 80, withinSeconds: 20 }
    ],
    figures: hotline,
    rows: times.flatMap((from, i) =>
      (by.length ? places : [{}]).map((place, j) => ({
        ...(from ? { from } : {}),
        ...Object.fromEntries(by.map((dimension) => [dimension, place[dimension]])),
        values: values(hotline, i * 3 + j + 1)
      }))
    ),
    total: values(hotline, 5),
    identities: [
      sum('callers_in', {
        left_before_queue: 14,
        blocked: 2,
        after_hours: 31,
        voicemail: 4,
        callback_taken: 0,
        failed: 0,
        still_before_queue: 1,
        offered: 412
      }),
      sum('offered', {
        answered: 371,
        fallback_answered: 6,
        abandoned: 19,
        overflowed: 3,
        callback_taken: 8,
        voicemail: 1,
        failed: 0,
        still_waiting: 3
      })
    ]
  }
}

const contest = (id, decision) => ({
  id,
  agentNumber: '8001',
  figure: 'rona',
  rowId: `leg:c${id}:1`,
  callId: `careline-1772413200.${id}`,
  happenedAt: '2026-03-02T01:20:00Z',
  text: '耳机没电了，当时正在更换。<img src=x onerror=alert(1)>',
  raisedBy: 'li',
  raisedAt: '2026-03-02T03:20:00Z',
  decision,
  reason: decision ? '已核对录音，情况属实。' : '',
  decidedBy: decision ? 'boss' : null,
  decidedAt: decision ? '2026-03-02T05:20:00Z' : null
})

const behind = (i) => ({
  id: `leg:c${i}:1`,
  kind: 'offer',
  callId: `careline-1772413200.${i}`,
  from: at('2026-03-02T01:00:00Z', i * 13),
  answeredAt: null,
  to: at('2026-03-02T01:00:15Z', i * 13),
  what: ['missed', 'answered', 'rejected', 'engine'][i % 4],
  reason: null,
  endedBy: i % 4 === 1 ? 'agent' : null,
  talkSeconds: null,
  holdSeconds: null,
  wrapUpSeconds: null,
  survey: null,
  n: i % 2 ? 0 : 1,
  contest: i === 2 ? contest(2, 'accepted') : i === 4 ? contest(4, null) : null
})

const day = (back) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10)
const hourAgo = (n) => new Date(Math.floor(Date.now() / 3_600_000 - n) * 3_600_000).toISOString()
const shownDay = (back, placed, answered) => ({ day: day(back), placed, answered, rate: answered / placed })
const TRUNKS = {
  today: day(0),
  trunks: [
    {
      name: 'carrier', channels: 30, outboundShare: 18, callsPerSecond: 10, inbound: 7, outbound: 9, reserved: 3, heldBack: 12,
      hours: [
        { hour: hourAgo(3), placed: 214, answered: 120, noChannel: 0 },
        { hour: hourAgo(2), placed: 230, answered: 101, noChannel: 17 },
        { hour: hourAgo(1), placed: 190, answered: 97, noChannel: 4 }
      ]
    },
    { name: '<b>second</b>', channels: 10, outboundShare: 6, callsPerSecond: 2, inbound: 0, outbound: 0, reserved: 0, heldBack: 0, hours: [] }
  ],
  numbers: [
    {
      trunk: 'carrier', number: '02155550000', ours: true, owner: '<i>XH Ltd</i>', proof: 'folder 12', until: day(-200), expired: false,
      days: [shownDay(3, 410, 250), shownDay(2, 380, 230), shownDay(1, 402, 241), shownDay(0, 120, 22)], mean: 0.605, alarm: true
    },
    {
      trunk: 'carrier', number: '02155550001', ours: true, owner: null, proof: null, until: day(4), expired: true,
      days: [shownDay(4, 40, 22)], mean: 0.55, alarm: false
    },
    { trunk: 'carrier', number: '', ours: false, owner: null, proof: null, until: null, expired: false, days: [shownDay(0, 3, 1)], mean: null, alarm: false }
  ],
  leastOfDay: 20,
  leastBefore: 100
}

export function figuresAnswer(key, url) {
  const query = url.searchParams
  if (key === 'GET /figures/hotline') return hotlineAnswer(query)
  if (key === 'GET /trunks') return TRUNKS
  if (key === 'GET /figures/live') {
    return {
      at: new Date().toISOString(),
      beforeQueue: 2,
      waiting: 4,
      longestWaitSeconds: 92.4,
      talking: 3,
      agents: { ready: 2, on_call: 3, not_ready: 2, after_call_work: 1, logged_out: 4 },
      places: [
        { line: 'main', tier: 'platinum', waiting: 1, longestWaitSeconds: 92.4, talking: 1 },
        { line: 'main', tier: 'standard', waiting: 3, longestWaitSeconds: 35, talking: 2 }
      ]
    }
  }
  if (key === 'GET /figures/agents') {
    const marks = { rona: { contested: 1, excluded: 1 } }
    const people = [
      ['8001', '李晓梅'],
      ['8002', 'Zhang Wei'],
      ['8004', '<img src=x onerror=alert(1)>']
    ]
    return {
      ...head(query),
      figures: agent,
      rows: people
        .filter(([number]) => !query.get('agent') || number === query.get('agent'))
        .map(([number, name], i) => ({
          agent: number,
          name,
          values: values(agent, i + 2, i ? {} : marks),
          notReadySeconds: { break: 904, meeting: 1200, missed: 31 }
        })),
      total: values(agent, 3, {}),
      neverToSurvey: [{ agent: '8004', name: '<img src=x onerror=alert(1)>', calls: 12 }]
    }
  }
  if (key.endsWith('/rows')) {
    return { figure: agent.find((f) => f.id === query.get('figure')), rows: [0, 1, 2, 3, 4, 5].map(behind), more: false }
  }
  if (key === 'GET /figures/contests') return [contest(7, null), contest(6, 'accepted'), contest(5, 'refused')]
  return contest(8, null)
}
