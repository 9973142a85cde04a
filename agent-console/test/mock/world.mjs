// A made-up day for looking at the pages without an engine. Names here try to break them.
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString()
const ahead = (seconds) => new Date(Date.now() + seconds * 1000).toISOString()

export const PEOPLE = {
  li: { login: 'li', name: '李晓梅', roles: ['agent'], agentNumber: '8001', language: 'zh' },
  plan: { login: 'plan', name: '王计划', roles: ['scheduler'], agentNumber: null, language: 'zh' },
  boss: {
    login: 'boss',
    name: '<img src=x onerror=alert(1)>',
    roles: ['supervisor'],
    agentNumber: null,
    language: 'zh'
  }
}

export const waiting = () => [
  wait('c1', 1, '瑞居酒店集团', '上海虹桥店', 'platinum', '138****8000', 92),
  wait('c2', 2, '<img src=x onerror=alert(1)>', '一号店', 'gold', '+862161234567', 35),
  wait('c3', 3, null, null, 'standard', null, 12),
  wait('c4', 4, '满堂餐饮管理(北京)有限公司朝阳分公司大望路运营中心', '大望路', 'silver', '139****9000', 4)
]

function wait(id, position, customer, site, tier, callerNumber, seconds) {
  return {
    id,
    line: 'main',
    callerNumber,
    customer,
    site,
    tier,
    state: 'waiting',
    since: ago(seconds),
    position,
    expectedWaitSeconds: position > 3 ? null : position * 45,
    agentNumber: null
  }
}

export function agents(scene) {
  const mine = {
    idle: ['not_ready', 'login', 34],
    ready: ['ready', '', 75],
    call: ['on_call', '', 64],
    callback: ['on_call', '', 12],
    wrapup: ['after_call_work', '', 11]
  }[scene] ?? ['ready', '', 75]
  return [
    agent('8001', '李晓梅', ...mine),
    agent('8002', 'Zhang Wei', 'on_call', '', 221),
    agent('8003', '王芳', 'offered', '', 4),
    agent('8004', '<img src=x onerror=alert(1)>', 'not_ready', 'missed', 302, false),
    agent('8005', '赵敏', 'after_call_work', '', 17),
    agent('8006', '陈静', 'not_ready', 'break', 804),
    agent('8007', '孙悦', 'logged_out', '', 5000, false)
  ]
}

function agent(number, name, presence, reason, seconds, reachable = true) {
  return {
    number,
    name,
    presence,
    reason,
    since: ago(seconds),
    until: presence === 'after_call_work' ? ahead(30 - seconds) : null,
    callId: null,
    reachable
  }
}

export const rounds = () => [
  round('RJ', '瑞居酒店 第一轮主动回访', 'open', {
    completed: 61, partial: 3, refused_this_round: 2, appointment_pending: 4, not_reached: 5,
    in_progress: 3, due: 30
  }),
  round('MT', '满堂餐饮 第一轮主动回访', 'open', {
    completed: 20, not_reached: 2, moved: 1, answered_by_record: 3, due: 66
  })
]

function round(campaign, name, status, bins) {
  return {
    campaign, name, number: 1, status, opensAt: ago(5000), openedAt: ago(4990), closedAt: null, paused: false, closesAt: null,
    sitesLoaded: Object.values(bins).reduce((a, b) => a + b, 0), bins, attempts: 143
  }
}

export const campaigns = () => [
  ...rounds().map((r) => ({
    code: r.campaign, name: r.name, customer: r.campaign, round: r,
    beside: r.campaign === 'RJ' ? [{ ...round('RJ', '', 'open', { completed: 2, due: 1 }), number: 7, origin: 'event' }] : [],
    mode: r.campaign === 'RJ' ? 'progressive' : 'preview'
  })),
  { code: 'HY', name: '和源健身 季度回访', customer: 'HY', mode: 'preview', round: null, beside: [] },
  {
    code: 'XSS', name: '<img src=x onerror=alert(1)>', customer: 'X', mode: 'preview', beside: [],
    round: { ...round('XSS', '', 'scheduled', {}), opensAt: ahead(86400), openedAt: null }
  }
]

export const callWork = () => ({
  kind: 'call',
  callId: 'c9',
  state: 'talking',
  card: {
    callId: 'c9',
    callerNumber: '+86138****8000',
    customer: { code: 'RJ', name: '瑞居酒店集团' },
    tier: 'platinum',
    site: {
      code: 'RJ-SH-021', name: '上海虹桥枢纽店', customer: '瑞居酒店集团', tier: 'platinum',
      province: '上海市', city: '上海', address: '闵行区申长路 988 弄 6 号',
      remark: '机房在地下二层,需要提前联系保安。\n<img src=x onerror=alert(1)>', accountManager: '周凯'
    },
    devices: [
      { model: 'HWB-500 热水机组', serial: 'SN20230418-0077', installDate: '2023-04-18' },
      { model: 'HWB-500 热水机组', serial: 'SN20230418-0078', installDate: '2023-04-18' },
      { model: 'RO-250 净水机', serial: '', installDate: null }
    ],
    lastCalls: [
      { id: 'a', at: ago(86400 * 3), outcome: 'answered', agentNumber: '8002' },
      { id: 'b', at: ago(86400 * 9), outcome: 'abandoned', agentNumber: null }
    ]
  }
})

export const strangerWork = () => {
  const known = callWork()
  return {
    ...known,
    card: { ...known.card, customer: null, site: null, tier: 'standard', devices: [], lastCalls: [] }
  }
}

export const waitingSites = () => [
  { campaign: 'q4-rj', round: 2, code: 'RJ-SH-021', name: '上海虹桥店', appointmentAt: ago(-7200) },
  { campaign: 'q4-rj', round: 2, code: 'RJ-SH-022', name: '<img src=x onerror=alert(1)>', appointmentAt: null }
]

export const appointments = () => {
  const one = (state, at, more = {}) => ({
    round: 2, site: 'RJ-CD-003', siteName: '成都春熙路店', at: ago(at), agent: '', asked: '', madeBy: 'li',
    madeAt: ago(at + 86400), madeIn: `01J${state}`, state, placedAt: null, ...more
  })
  return {
    from: ago(90 * 86400), until: null, promised: 9, kept: 6, rungBack: 1, late: 1, missed: 2, coming: 1,
    entries: [
      one('coming', -3600, { agent: '8001' }),
      one('rung_back', 3600),
      one('late', 7200, { placedAt: ago(6000) }),
      one('missed', 9000, { asked: '刘工：晚上打烊以后再打 <b>' }),
      one('kept', 86400, { placedAt: ago(86300) })
    ]
  }
}

const otherSite = (code, name) => ({
  site: {
    code, name, customer: '瑞居酒店集团', tier: 'gold', province: '四川省', city: '成都',
    address: '', remark: '', accountManager: '周凯'
  },
  devices: [], answers: {}, before: null, faults: { cards: [], dangerWords: ['漏电', '漏气'] }, disposition: null
})

export const attemptWork = () => ({
  kind: 'attempt',
  attemptId: '01JABCDEF0123456789ABCDEFG',
  state: 'talking',
  mode: 'progressive',
  site: {
    code: 'RJ-CD-003', name: '成都春熙路店', customer: '瑞居酒店集团', tier: 'gold',
    province: '四川省', city: '成都', address: '锦江区总府路 2 号', remark: '找工程部', accountManager: '周凯'
  },
  contact: { name: '刘工', role: '工程部经理', number: '+86139****9000', extension: '' },
  questionnaire: {
    code: 'quarterly',
    version: 2,
    sections: [
      {
        code: 'general', titleEn: 'In general', titleZh: '总体情况',
        questions: [
          ask('fault', 'yes_no', 'Was there a fault in this period?', '在此期间设备是否出现过故障?', true),
          ask('fault_solved', 'yes_no', 'Has the fault been solved?', '故障是否已经解决?', true, {
            onlyWhen: { code: 'fault', equals: 'yes' }
          })
        ]
      },
      {
        code: 'devices', titleEn: 'Each device', titleZh: '逐台设备', perDevice: true, models: ['BX-*', 'Boiler 5'],
        onlyWhen: { code: 'fault', equals: 'yes' },
        questions: [
          ask('fault_code', 'text', 'Which code does it show?', '屏幕显示什么代码?', false, { longest: 32 }),
          ask('solved_on_phone', 'yes_no', 'Solved on the phone?', '电话中解决了吗?', false),
          ask('pressure', 'number', 'Pressure on the gauge?', '压力表读数?', false, {
            unitEn: 'bar', unitZh: '巴', min: '0', max: '10', decimals: 1, hintEn: 'left gauge', hintZh: '左侧压力表'
          })
        ]
      },
      {
        code: 'end', titleEn: 'To finish', titleZh: '结束',
        questions: [
          ask('hidden_danger', 'yes_no', 'Is there a hidden danger?', '是否存在安全隐患?', true),
          ask('parts', 'multi', 'Which parts are worn?', '哪些部件磨损?', false, {
            options: [
              { value: 'pump', textEn: 'Pump', textZh: '水泵' },
              { value: 'fan', textEn: 'Fan', textZh: '风机' },
              { value: 'valve', textEn: 'Valve', textZh: '阀门' }
            ]
          }),
          ask('satisfaction', 'scale_1_5', 'How satisfied are you, 1 to 5?', '您对服务的满意程度(1 至 5 分)?', true),
          ask('remark', 'text', 'Anything else?', '其他意见', false)
        ]
      }
    ]
  },
  devices: [{ id: 7, model: 'BX-200', serial: 'S-1001' }],
  disposition: null,
  others: [
    { ...otherSite('RJ-CD-004', '成都太古里店'), disposition: 'completed' },
    otherSite('RJ-CD-007', '成都天府三街店'),
    otherSite('RJ-CD-011', '成都双流机场店')
  ],
  answers: { fault: 'yes', 'fault_code@7': 'E3' },
  before: {
    round: { number: 1, periodFrom: '2026-05-25', periodTo: '2026-08-24' },
    answers: { fault: 'no', satisfaction: '3', parts: 'pump,valve' },
    reworded: ['satisfaction']
  },
  faults: {
    cards: [
      {
        id: 1, model: 'BX-200', faultCode: 'E3', titleEn: 'No water flow', titleZh: '无水流',
        askEn: 'Is the valve open?\nSince when?', askZh: '阀门打开了吗?\n从什么时候开始?',
        doEn: 'Clean the filter\nRestart', doZh: '清洗过滤网\n重新启动', danger: false, version: 1
      }
    ],
    dangerWords: ['漏电', '漏气', 'gas leak']
  },
  round: { number: 1, periodFrom: '2026-08-25', periodTo: '2026-11-23' }
})

function ask(code, type, textEn, textZh, required, more = {}) {
  return { code, type, textEn, textZh, required, ...more }
}

/** The engine answers in the language the console asks for. */
export const importResult = (zh) => ({
  added: 106, changed: 2, unchanged: 0, rejected: 3,
  rejects: [
    { line: 7, column: 'phone1', reason: zh ? '号码无效：位数太少' : 'invalid number: too short' },
    { line: 19, column: 'tier', reason: 'brass <img src=x onerror=alert(1)>' },
    {
      line: 54,
      column: 'site_code',
      reason: zh ? '此连锁的这个门店已在第 12 行出现' : 'stands already in line 12 for this chain'
    }
  ],
  rejectsCsv: 'line,column,reason\r\n7,phone1,not a number\r\n',
  duplicates: 1,
  twins: [
    {
      line: 54,
      column: 'site_code',
      reason: zh ? '此连锁的这个门店已在第 12 行出现，请保留一行' : 'stands already in line 12 for this chain; keep one of the two rows'
    }
  ],
  toConfirm: 1,
  details: [
    { line: 2, what: 'added', name: 'RJ/RJ109 瑞居酒店上海19店', fields: [] },
    { line: 3, what: 'changed', name: 'RJ/RJ001 瑞居酒店上海1店', fields: [{ column: 'tier', former: 'gold', value: 'platinum' }] },
    { line: 0, what: 'to_confirm', name: 'RJ/RJ033 瑞居酒店武汉6店', fields: [{ column: 'status', former: 'active', value: 'to_confirm' }] }
  ]
})

export const status = {
  leader: true, epoch: 7, switch: 'up', database: 'up', journalLag: 0, waiting: 4, agentsReady: 2, openDangers: 1, dangerPeople: ["刘倩 (8003)"], banner: null
}

const office = ['08:30-12:00', '13:00-18:00']
const settings = {
  publicNumber: '4008001234', landingNumbers: ['02150001111', '02150001112'],
  notice: 'recording-notice', askCode: true, zone: 'Asia/Shanghai', calendar: 'cn',
  hours: {
    mon: office, tue: office, wed: office, thu: office, fri: office,
    sat: ['09:00-12:00'], sun: [], holiday: ['10:00-11:00'], makeUp: office
  },
  openTiers: ['platinum'],
  menu: [
    { key: 1, choice: 'install', skill: 'install' },
    { key: 2, choice: 'repair', skill: 'repair' },
    { key: 5, choice: 'account_manager', skill: '' }
  ],
  afterHours: { action: 'emergency', prompt: 'after-hours', emergencySkill: 'night' },
  closing: 'promise', announceAgent: true, survey: 'four', policy: '',
  callback: { offer: true, expiry: '4h', tries: 3, spacing: '10m' },
  disposition: 'forced', wrapUp: { max: '5m', extension: '1m' }
}
const line = (code, nameZh, nameEn, more, rest) => ({
  code, number: '4008001234', nameEn, nameZh, language: 'zh', greeting: 'greeting',
  ringTimeout: '15s', wrapUp: '30s', settings: { ...settings, ...more },
  open: true, changesAt: ahead(7200), calendarKnown: true, version: '0123456789abcdef', ...rest
})

export const lines = () => [
  line('main', '服务热线', 'Service line', {}, {}),
  line('night', '夜间应急', 'Night emergencies', { hours: null, menu: [] }, { changesAt: null }),
  line('xss', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>', {}, {
    open: false, calendarKnown: false
  })
]

export const prompts = { zh: ['after-hours', 'greeting', 'recording-notice'], en: ['greeting'] }

export function calendar(key) {
  const year = Number(key.slice(-4))
  const holiday = (date, nameZh, nameEn) => ({ date, kind: 'holiday', nameEn, nameZh })
  return {
    code: 'cn', year,
    days: year > 2026 ? [] : [
      holiday(`${year}-01-01`, '元旦', "New Year's Day"),
      ...[1, 2, 3, 4, 5, 6, 7].map((day) => holiday(`${year}-10-0${day}`, '国庆节', 'National Day')),
      { date: `${year}-10-10`, kind: 'make-up-workday', nameEn: 'National Day', nameZh: '国庆节' }
    ]
  }
}

export const tasks = (over) =>
  over
    ? [task('promise-x', 'promise', { state: 'done', result: 'reached', closedAt: ago(300), closedBy: 'engine', tries: 1,
        lastReasonEn: 'Platinum, by ageing, waited 740 s; 8002 has been idle longest', lastReasonZh: '白金，按累计优先级，已等候740秒；8002空闲最久' })]
    : [
        task('promise-a', 'promise', { byItself: true, waitedSince: ago(700), dueAt: ahead(200) }),
        task('voicemail-b', 'voicemail', { recorded: true, dueAt: ago(60) }),
        task('abandoned-c', 'abandoned', { customer: '<img src=x onerror=alert(1)>', assignedTo: 'li', state: 'taken' }),
        task('unreached_manager-d', 'unreached_manager', { assignedTo: 'li' }),
        task('dissatisfied-e', 'dissatisfied', { number: null, note: 'dissatisfied 8002' })
      ]

function task(id, kind, more) {
  return {
    id, kind, callId: id, number: '138****8000', customer: '瑞居酒店集团', site: '上海虹桥店', line: 'main',
    tier: 'gold', note: '', createdAt: ago(900), dueAt: ahead(900), waitedSince: null, byItself: false, tries: 0,
    assignedTo: null, state: 'open', result: null, resultNote: '', closedAt: null, closedBy: null,
    lastReasonEn: null, lastReasonZh: null, recorded: false,
    ...more
  }
}

export const taskWork = () => ({
  kind: 'task', callId: '01JABCDEF0123456789ABCDEFH', taskId: 'promise-a', taskKind: 'promise', fromCallId: 'c-1', state: 'talking',
  number: '138****8000', customer: '瑞居酒店集团', site: '上海虹桥店', line: 'main', tier: 'platinum',
  since: ago(740), dueAt: ahead(120), tries: 0, answered: true,
  reasonEn: 'Platinum, by ageing, waited 740 s; 8002 has been idle longest',
  reasonZh: '白金，按累计优先级，已等候740秒；8002空闲最久'
})
