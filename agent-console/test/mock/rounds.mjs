// What has come of rounds: the first real round, and a second one against it.
import fs from 'node:fs'
import path from 'node:path'

const TEXTS = path.join(import.meta.dirname, '../../../engine/src/main/resources/org/careline/report')
const texts = (name) =>
  Object.fromEntries(
    fs
      .readFileSync(path.join(TEXTS, name), 'utf8')
      .split('\n')
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
  )
const en = texts('RoundFigures.properties')
const zh = texts('RoundFigures_zh.properties')
const share = (n, of) => ({ n, of })
const figure = (id, n, of, ratio) => ({
  id, unit: ratio === undefined ? 'share' : 'ratio', n, of,
  value: ratio ?? (of < 10 ? null : n / of),
  textEn: en[id], textZh: zh[id], ofEn: en[`${id}.of`], ofZh: zh[`${id}.of`],
  formulaEn: en[`${id}.formula`], formulaZh: zh[`${id}.formula`]
})
const devices = (n, of) => ({
  listed: of + 2, faults: share(n, of), unresolved: share(Math.round(n / 2), of),
  unresolvedOfFaults: share(Math.round(n / 2), n), solvedOnPhone: share(1, n)
})
const region = (code, sitesLoaded, completed, faults, unresolved, satisfied) => ({
  code, sitesLoaded, bins: { completed }, responseRate: null, faults: share(...faults),
  unresolved: share(...unresolved), satisfied: share(...satisfied), devices: devices(faults[0], faults[1])
})

export const report = {
  sitesLoaded: 108,
  bins: { completed: 100, not_reached: 6, refused_this_round: 2 },
  responseRate: 100 / 108,
  faults: share(27, 100),
  unresolved: share(11, 100),
  satisfied: share(85, 100),
  effort: { notReached: [{ code: 'RJ-1', name: 'x' }], attempts: 158 },
  period: { from: '2026-08-25', to: '2026-11-23', days: 91, faultsPer100SiteMonths: 9.03 },
  sources: { told: 20, hotline: 3, both: 4 },
  devices: devices(14, 50),
  content: {
    byRole: { manager: share(52, 60), engineer: share(20, 25), front_desk: share(13, 15) },
    refused: 0
  },
  agents: [
    { number: '8001', attempts: 90, connected: share(60, 90), contacted: share(58, 61), completed: share(57, 61), faults: share(16, 57), unresolved: share(6, 57), satisfied: share(49, 57) },
    { number: '8002', attempts: 68, connected: share(42, 68), contacted: share(44, 47), completed: share(43, 47), faults: share(11, 43), unresolved: share(5, 43), satisfied: share(36, 43) }
  ],
  regions: [
    region('华东', 46, 44, [12, 44], [5, 44], [38, 44]),
    region('华北', 38, 34, [10, 34], [4, 34], [29, 34]),
    region('西南', 16, 15, [4, 15], [2, 15], [12, 15]),
    region('', 8, 7, [1, 7], [0, 7], [6, 7])
  ],
  figures: [
    figure('response_rate', 100, 108), figure('response_rate_in_scope', 100, 107),
    figure('cooperation', 100, 102), figure('refusal', 2, 108), figure('contact', 102, 108),
    figure('faults', 27, 100), figure('faults_per_100_site_months', 27, 100, 9.03),
    figure('unresolved_of_faults', 11, 27), figure('unresolved', 11, 100),
    figure('solved_on_phone', 5, 27), figure('device_faults', 14, 50),
    figure('device_unresolved_of_faults', 6, 14), figure('device_unresolved', 6, 50),
    figure('device_solved_on_phone', 2, 14), figure('satisfied', 85, 100),
    figure('satisfied_leading', 72, 85), figure('connect_rate', 102, 158),
    figure('contact_rate', 102, 108), figure('penetration', 108, 108),
    figure('attempts_per_completed', 158, 100, 1.58), figure('callbacks_kept', 7, 8)
  ]
}

const side = (round, from, to, days, loaded) => ({
  campaign: 'RJ', round, status: 'closed', period: { from, to, days, faultsPer100SiteMonths: round === 1 ? 9.03 : 24.75 },
  loaded, bins: {}, responseRate: share(100, loaded), faults: share(27, 100), unresolved: share(11, 100),
  unresolvedOfFaults: share(11, 27), satisfied: share(85, 100), deviceFaults: share(14, 50),
  unheard: { not_reached: 6, refused_this_round: 2 }
})
const STATES = ['none', 'hidden_danger', 'resolved', 'unresolved', 'not_heard', 'not_listed']
const cells = [[55, 6, 5, 4, 2, 1], [0, 0, 0, 0, 0, 0], [12, 0, 1, 3, 0, 0], [4, 0, 2, 4, 1, 0], [2, 0, 2, 0, 1, 3], [5, 0, 0, 0, 0, 0]]
const groups = { well: 73, new_fault: 9, fixed: 6, still_unresolved: 4, repeat: 4, silent_this_time: 3, still_silent: 1, heard_again: 4, new_site: 5, gone: 4 }
const table = (states, cells) => ({ states, cells, sum: cells.flat().reduce((a, b) => a + b, 0), earlier: 108, later: 109, both: 104 })

export const transitions = {
  from: side(1, '2026-08-25', '2026-11-23', 91, 108),
  to: side(2, '2026-11-23', '2026-12-14', 22, 109),
  sameLength: false,
  broken: ['satisfaction'],
  sites: table(STATES, cells),
  groups,
  content: table(['content', 'not_content', 'no_answer', 'not_listed'], [[70, 8, 3, 3], [13, 2, 0, 0], [4, 0, 4, 1], [5, 0, 0, 0]]),
  devices: table(STATES, cells),
  deviceGroups: groups
}

const sites = [1, 2, 3].map((i) => ({
  code: `RJ-SH-00${i}`, name: i === 2 ? '<img src=x onerror=alert(1)>' : `上海徐家汇店${i}`, region: '华东',
  province: '上海市', city: '上海', contact: '王店长', role: '店长', number: '138****800' + i, extension: '',
  bin: 'completed', attempts: i, lastDisposition: 'completed', lastAt: '2026-11-24T02:00:00Z',
  state: STATES[i], source: i > 1 ? 'both' : null, solvedOnPhone: i === 2, rating: 6 - i,
  answeredBy: 'manager', agent: '8001', otherState: null,
  devices: [{ device: 'HWB-500 SN20230418-0077', state: STATES[i], solvedOnPhone: false }]
}))

export function roundsAnswer(key, url) {
  if (!key.includes(' /campaigns/') && key !== 'GET /disclosures') return undefined
  if (/^GET \/campaigns\/[^/]+\/rounds$/.test(key)) {
    return [2, 1].map((number) => ({
      number, status: number === 2 ? 'open' : 'closed', opensAt: '2026-11-23T00:00:00Z',
      openedAt: '2026-11-23T00:00:00Z', closedAt: null, periodFrom: '2026-08-25',
      periodTo: '2026-11-23', sitesLoaded: 108
    }))
  }
  if (key.endsWith('/report')) return report
  if (key.endsWith('/transitions')) return transitions
  if (key.endsWith('/progress')) {
    return {
      at: '2026-11-24T02:00:00Z', left: 41, finished: 60, openHours: 12, perHour: 5,
      expectedEnd: '2026-11-26T07:10:00Z', closesAt: null,
      formula: { en: en['expected_end.formula'], zh: zh['expected_end.formula'] }
    }
  }
  if (key.endsWith('/sites')) {
    const other = url.searchParams.get('other')
    return { sites: sites.map((site) => ({ ...site, otherState: other ? 'unresolved' : null })), next: null }
  }
  if (key === 'GET /disclosures') {
    return {
      entries: [{ id: 1, at: '2026-11-24T02:00:00Z', by: 'boss', what: 'round-sites', about: 'RJ 1', reason: '总部要求核对联系人' }],
      next: null
    }
  }
  return undefined
}
