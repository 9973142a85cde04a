// Made-up matters. Texts here try to break the pages.
import { matterFigures } from './figures.mjs'

const ago = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString()
const kind = (code, parent, nameEn, nameZh, position, more = {}) => ({
  code, parent, nameEn, nameZh, byPhone: true, position, active: true, ...more
})

const KINDS = [
  kind('install', null, 'Installation', '安装', 1, { byPhone: false }),
  kind('repair', null, 'Repair', '报修', 2),
  kind('enquiry', null, 'Enquiry', '咨询', 3),
  kind('praise', null, 'Praise', '表扬', 5, { active: false }),
  kind('install-new', 'install', 'New device', '新装', 1, { byPhone: false }),
  kind('repair-power', 'repair', 'No power', '无法开机', 1),
  kind('repair-leak', 'repair', 'Leaks or breaks', '漏水或损坏', 2, { byPhone: false }),
  kind('repair-xss', 'repair', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>', 3),
  kind('enquiry-use', 'enquiry', 'How to use', '使用咨询', 1)
]

function matter(id, code, more) {
  const { nameEn, nameZh } = KINDS.find((each) => each.code === code)
  return {
    id, reference: null, kind: code, kindEn: nameEn, kindZh: nameZh,
    customerCode: 'RJ', customerName: '瑞居酒店集团', siteCode: 'SH-01', siteName: '上海虹桥店',
    deviceId: 7, device: 'Boiler 5 X-7', number: '138****8000', faultCode: 'E4',
    description: '三楼没有热水，重启后仍然报警。', result: null, resultNote: '', assignedTo: null, dueAt: null,
    source: 'call', openedAt: ago(26), openedBy: 'li', dispatchedAt: null, doneAt: null, doneBy: null,
    lastAgent: '8001', version: 3, state: 'open', ...more
  }
}

const LIST = [
  matter(31, 'repair-power', {}),
  matter(30, 'repair-leak', {
    result: 'dispatch', assignedTo: 'wu', dueAt: ago(2), dispatchedAt: ago(5), state: 'dispatched',
    siteName: '满堂餐饮管理(北京)有限公司朝阳分公司大望路运营中心'
  }),
  matter(29, 'enquiry-use', {
    customerName: '<img src=x onerror=alert(1)>', siteName: '<b>x</b>', device: '',
    faultCode: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', description: '=HYPERLINK("http://x")', source: 'hand', lastAgent: null
  }),
  matter(28, 'praise', {
    reference: 'T-2026-000017', customerCode: null, customerName: null, siteCode: null, siteName: null,
    device: '', faultCode: '', description: '', result: 'solved', doneAt: ago(20), doneBy: 'li', state: 'done', source: 'import'
  })
]

const whole = (one) => ({
  ...one,
  contacts: [
    { kind: 'call', id: '01JABCDEF0123456789ABCDEFA', at: ago(26), by: 'li' },
    { kind: 'attempt', id: '01JABCDEF0123456789ABCDEFB', at: ago(3), by: 'wang' }
  ],
  history: [
    { at: ago(26), by: 'li', what: 'opened', detail: { kind: one.kind } },
    { at: ago(25), by: 'li', what: 'changed', detail: { kind: 'repair-leak', device: '', description: '<b>old</b>' } },
    { at: ago(24), by: 'boss', what: 'result', detail: { result: 'dispatch', note: 'pump', assignedTo: 'wu', dueAt: ago(2) } },
    { at: ago(3), by: 'wang', what: 'joined', detail: { kind: 'attempt', id: '01JABCDEF0123456789ABCDEFB' } }
  ]
})

export function mattersAnswer(key, url, zh) {
  if (key === 'GET /matter-kinds') return KINDS
  if (key === 'GET /figures/matters') return matterFigures(url, LIST)
  if (key === 'GET /matters') {
    const undone = url.searchParams.get('undone') === 'true'
    return { matters: LIST.filter((one) => !undone || one.state !== 'done'), next: undone ? null : '28' }
  }
  if (key === 'POST /matters') return [201, LIST[0]]
  if (key === 'PUT /matters/31') {
    return [409, { error: 'changed_meanwhile', message: zh ? '该事项已被他人修改,请重新读取' : 'somebody has changed this matter meanwhile: read it again' }]
  }
  if (key.startsWith('PUT /matter-kinds/')) {
    return [400, { error: 'invalid', message: zh ? '类别只有两级:repair 不能放在这里' : 'kinds have two levels: repair cannot be put there' }]
  }
  const one = /^GET \/matters\/(\d+)$/.exec(key)
  if (one) return whole(LIST.find((each) => each.id === Number(one[1])) ?? LIST[0])
  if (/^GET \/(calls|attempts)\/[^/]+\/matters$/.test(key)) {
    return {
      joined: [LIST[1]],
      open: [LIST[0], LIST[2]],
      others: [],
      suggestion: {
        customerCode: 'RJ', siteCode: 'SH-01', siteName: '上海虹桥店', number: '138****8000',
        devices: [{ id: 7, name: 'Boiler 5 X-7' }, { id: 8, name: 'Softener 2' }]
      }
    }
  }
  if (key === 'GET /sites') {
    return [{ siteCode: 'SH-01', siteName: '上海虹桥店', customerCode: 'RJ', customerName: '瑞居酒店集团', tier: 'gold', city: '上海' }]
  }
  if (/ \/matters\/\d+\//.test(key)) return LIST[0]
  return undefined
}
