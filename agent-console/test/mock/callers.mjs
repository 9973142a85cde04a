// Bound numbers, the search for sites and the blocklist, made up.
const known = (id, number, more) => ({
  id,
  number,
  customer: 'RJ',
  customerName: '瑞居酒店集团',
  site: 'RJ-SH-021',
  siteName: '上海虹桥枢纽店',
  source: 'call',
  call: 'c-1',
  note: '',
  boundBy: 'li',
  boundAt: '2026-02-03T02:00:00Z',
  ...more
})

const numbers = [
  known(1, '+86138****8000', {}),
  known(2, '+8621****1234', { source: 'hand', boundBy: 'boss', note: '前台<img src=x onerror=alert(1)>' }),
  known(4, '+86139****0000', { source: 'file', boundBy: '门店 2026-01.csv', note: '王工' }),
  known(3, '+8621****8888', { source: 'hand', boundBy: 'boss', site: null, siteName: null })
]

const sites = [
  { siteCode: 'RJ-SH-021', siteName: '上海虹桥枢纽店', customerCode: 'RJ', customerName: '瑞居酒店集团', tier: 'gold', city: '上海' },
  { siteCode: 'RJ-SH-033', siteName: '上海<b>徐家汇</b>店', customerCode: 'RJ', customerName: '瑞居酒店集团', tier: 'gold', city: '上海' }
]

const blocked = [
  { id: 1, number: '137****1111', reason: '骚扰电话，每天数十次', until: null, blockedBy: 'boss', blockedAt: '2026-02-20T03:00:00Z', over: false },
  { id: 2, number: '137****2222', reason: 'silent calls', until: '2026-04-01T00:00:00Z', blockedBy: 'boss', blockedAt: '2026-02-18T03:00:00Z', over: false },
  { id: 3, number: '215*****6666', reason: '<img src=x onerror=alert(1)>', until: '2026-01-01T00:00:00Z', blockedBy: 'root', blockedAt: '2025-12-18T03:00:00Z', over: true }
]

const ground = { customer: 'RJ', name: '瑞居酒店集团', basis: 'contract', from: null, until: '2030-12-31', evidence: '合同 2026-7', version: 'a1' }
const standing = { customer: 'RJ', site: 'RJ-SH-021', name: '上海虹桥枢纽店', status: 'to_confirm', statusReason: 'renamed', listed: true, reason: 'refused_for_good', until: null, evidence: 'call c-1 at 2026-02-03T02:00:00Z <img src=x onerror=alert(1)>', earliest: '2026-08-03', version: 'b1' }

export function callersAnswer(key, url) {
  if (key === 'GET /sites') return url.searchParams.get('q') === 'x' ? [] : sites
  if (/^GET \/calls\/.*\/numbers$/.test(key)) return numbers
  if (key === 'GET /numbers') return numbers
  if (key === 'GET /customers/RJ/consent') return ground
  if (/^GET \/customers\/RJ\/sites\/.*\/standing$/.test(key)) return standing
  if (key === 'GET /blocklist') return blocked
  if (/^POST \/calls\/.*\/bind$/.test(key)) return [201, numbers[0]]
  if (/^POST \/calls\/.*\/block$/.test(key)) return [204]
  if (key === 'POST /whole-numbers') return { number: '+8613800138000' }
  if (/^(PUT|DELETE) \/(blocklist|numbers)\//.test(key)) return [204]
  return undefined
}
