// Policies, account managers, leaves and the story of a call, made up.
import { callWork } from './world.mjs'

const tiers = [
  { code: 'platinum', nameEn: 'Platinum', nameZh: '白金', rank: 1, weight: 8, minGrade: 3 },
  { code: 'gold', nameEn: 'Gold', nameZh: '金牌', rank: 2, weight: 4, minGrade: 2 },
  { code: 'standard', nameEn: 'Standard', nameZh: '普通', rank: 100, weight: 1, minGrade: 1 }
]

const document = {
  nameEn: 'Key accounts',
  nameZh: '重点客户',
  discipline: 'ageing',
  tiers: {
    platinum: {
      rank: 1,
      weight: 8,
      promise: { percent: 90, within: '20s' },
      announceEvery: '45s',
      callbackWhenAbandoned: true,
      minGrade: 3
    },
    gold: { rank: 2, weight: -4, promise: { percent: 80, within: '20s' }, minGrade: 2 }
  },
  steps: [
    { after: '0s', who: 'account_manager' },
    { after: '0s', who: 'deputy' },
    { after: '20s', who: 'last_agent' },
    { after: '20s', who: 'graded', grade: 4 },
    { after: '40s', who: 'wider', skill: 'boiler' },
    { after: '30s', who: 'overflow_group', group: 'night', lowerGrades: true },
    { after: '2m', who: 'external', number: 'account_manager', tiers: ['platinum'], ring: '25s' }
  ],
  groups: { night: { agents: ['8002'], then: { after: '1m', group: 'night' } } },
  reserve: { agents: 2, tier: 'platinum', atMost: '3m' }
}

const row = {
  code: 'default',
  version: 3,
  lines: ['main'],
  savedBy: 'boss',
  savedAt: '2026-03-02T01:00:00Z'
}

const say = (zh, chinese, english) => (zh ? chinese : english)

const story = (zh) => ({
  ...call('c-1', 'platinum', 'answered'),
  story: [
    ['2026-03-02T01:00:00Z', 'arrived', '拨打 4001234567', 'calls 4001234567'],
    ['2026-03-02T01:00:00Z', 'recognised', '已识别：瑞嘉酒店 虹桥店，等级 白金；菜单选择：报修', 'known: Ruijia, Hongqiao, tier Platinum; chose a repair in the menu'],
    ['2026-03-02T01:00:06Z', 'joined', '进入等待，位列第 2', 'waits at place 2'],
    ['2026-03-02T01:00:21Z', 'offer_made', '询问 王芳 8001', 'Wang Fang 8001 is asked', '白金排在首位：权重 8 × 已等待 15 秒 = 120；等待共 3 人；其后为金牌，已等待 20 秒，得分 80；王芳 8001（4 级）按“其客户经理”步骤接听，空闲 3 秒，为合适坐席中最久，就绪坐席共 1 名', 'Platinum was first: weight 8 x 15 s waited = 120; 3 waiting; after him comes Gold with 20 s waited, score 80; Wang Fang 8001 (grade 4) comes by the step "his account manager", 3 s idle, the longest of those suitable, 1 ready in all'],
    ['2026-03-02T01:00:36Z', 'offer_failed', '王芳 8001：未接听', 'Wang Fang 8001: did not answer'],
    ['2026-03-02T01:00:37Z', 'offer_made', '询问 李明 8002', 'Li Ming 8002 is asked', '此前询问未果：王芳 8001', 'asked before without success: Wang Fang 8001'],
    ['2026-03-02T01:00:41Z', 'answered', '李明 8002 接听', 'Li Ming 8002 answers'],
    ['2026-03-02T01:04:41Z', 'hung_up', '来电者挂机', 'the caller hangs up']
  ].map(([at, kind, chinese, english, why, because]) => ({
    at,
    kind,
    text: say(zh, chinese, english),
    why: why ? say(zh, why, because) : null
  }))
})

function call(id, tier, outcome, customer = '瑞嘉酒店', site = '虹桥店 <img src=x onerror=alert(1)>') {
  return {
    id,
    line: 'main',
    dialled: '4001234567',
    callerNumber: '138****8000',
    customer,
    site,
    tier,
    arrivedAt: '2026-03-02T01:00:00Z',
    outcome,
    agentNumber: '8002',
    waitMs: 41_000,
    talkMs: 240_000,
    recorded: outcome === 'answered'
  }
}

/** Undefined = none of ours. */
export function policiesAnswer(key, zh) {
  if (key === 'GET /policies') {
    return [
      { ...row, nameEn: 'Key accounts', nameZh: '重点客户', discipline: 'ageing' },
      { ...row, code: 'night', version: 1, lines: [], nameEn: 'Night', nameZh: '夜间', discipline: 'strict' }
    ]
  }
  if (key === 'GET /tiers') return tiers
  if (key === 'GET /policies/vocabulary') {
    return {
      tiers,
      skills: ['boiler', 'repair'],
      agents: [
        { number: '8001', login: 'li', name: '王芳', grade: 4 },
        { number: '8002', login: 'wang', name: '李明', grade: 2 }
      ]
    }
  }
  if (key === 'POST /policies/check') {
    return {
      problems: [
        { at: 'tiers.gold.weight', message: say(zh, '权重必须大于 0，最大 1000000', 'a weight is above 0 and at most 1000000') },
        { at: 'steps[5].after', message: say(zh, '早于上一步：第 5 步晚于第 6 步', 'begins before the step above it: step 5 comes later than step 6') },
        { at: 'groups.night.then', message: say(zh, '绕回自身：night > night', 'leads back to itself: night > night') }
      ]
    }
  }
  if (key.startsWith('GET /policies/')) {
    return {
      ...row,
      document,
      versions: [3, 2, 1].map((version) => ({ version, savedBy: 'boss', savedAt: row.savedAt }))
    }
  }
  if (key === 'GET /account-managers') {
    return [
      { name: '刘倩', known: true, login: 'li', deputy: 'wang', mobile: '+8613800000001' },
      { name: '周强', known: false, login: null, deputy: null, mobile: null }
    ]
  }
  if (key === 'GET /leaves') {
    return [{ id: 1, login: 'li', from: '2026-10-01T00:00:00Z', to: '2026-10-08T00:00:00Z', deputy: 'wang' }]
  }
  if (key === 'GET /calls') {
    return {
      calls: [
        call('c-1', 'platinum', 'answered'),
        call('c-2', 'standard', 'abandoned', null, null),
        call('c-3', 'gold', 'overflowed')
      ],
      next: 'more'
    }
  }
  if (key === 'GET /calls/c-1/card') return { ...callWork().card, callId: 'c-1' }
  return key === 'GET /calls/c-1' ? story(zh) : undefined
}
