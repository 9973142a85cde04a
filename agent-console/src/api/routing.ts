/** Policies, tiers, account managers, leaves and the stories of calls. */
import { request } from './http'

export interface Tier {
  code: string
  nameEn: string
  nameZh: string
  rank: number
  weight: number
  minGrade: number
}

export interface TierDocument {
  rank?: number
  weight?: number
  promise?: { percent: number; within: string } | null
  announceEvery?: string
  callbackWhenAbandoned?: boolean
  minGrade?: number
}

export const WHO = [
  'account_manager',
  'deputy',
  'last_agent',
  'graded',
  'skilled',
  'wider',
  'overflow_group',
  'external'
] as const
export type Who = (typeof WHO)[number]

export interface StepDocument {
  after: string
  who: Who
  tiers?: string[]
  grade?: number
  skill?: string
  group?: string
  number?: string
  press1?: boolean
  ring?: string
  lowerGrades?: boolean
}

export interface GroupDocument {
  agents?: string[]
  skills?: string[]
  then?: { after: string; group: string } | null
}

export interface PolicyDocument {
  nameEn?: string
  nameZh?: string
  discipline?: 'strict' | 'ageing' | 'fifo'
  tiers?: Record<string, TierDocument>
  steps?: StepDocument[]
  groups?: Record<string, GroupDocument>
  reserve?: { agents: number; tier: string; atMost?: string } | null
}

export interface PolicyRow {
  code: string
  version: number
  nameEn: string
  nameZh: string
  discipline: string
  lines: string[]
  savedBy: string
  savedAt: string
}

export interface Policy {
  code: string
  version: number
  document: PolicyDocument
  lines: string[]
  savedBy: string
  savedAt: string
  versions: { version: number; savedBy: string; savedAt: string }[]
}

export interface Problem {
  at: string
  message: string
}

export interface NamedAgent {
  number: string
  login: string
  name: string
  grade: number
}

export interface Vocabulary {
  tiers: Tier[]
  skills: string[]
  agents: NamedAgent[]
}

export interface AccountManager {
  name: string
  known: boolean
  login: string | null
  deputy: string | null
  mobile: string | null
}

export interface Leave {
  id: number
  login: string
  from: string
  to: string
  deputy: string | null
}

export interface CallRow {
  id: string
  line: string | null
  callerNumber: string | null
  customer: string | null
  site: string | null
  tier: string
  arrivedAt: string
  outcome: string | null
  agentNumber: string | null
  waitMs: number | null
  talkMs: number | null
  recorded: boolean
}

export interface CallStory extends CallRow {
  story: { at: string; kind: string; text: string; why: string | null }[]
}

export const OUTCOMES = [
  'answered',
  'abandoned',
  'short_abandoned',
  'left_before_queue',
  'callback_taken',
  'voicemail',
  'overflowed',
  'after_hours',
  'blocked',
  'failed',
  'fallback_answered'
] as const

/** What is left out does not matter. */
export interface CallQuery {
  from: string
  to: string
  line?: string
  /** Its last digits, or all of it for those who see numbers whole. */
  number?: string
  outcome?: string
  cursor?: string
  [other: string]: string | undefined
}

const one = encodeURIComponent

export const routing = {
  policies: () => request<PolicyRow[]>('GET', '/policies'),
  policy: (code: string, version?: number) =>
    request<Policy>('GET', `/policies/${one(code)}`, { query: { version } }),
  create: (code: string, document: PolicyDocument) =>
    request<Policy>('POST', '/policies', { json: { code, document } }),
  save: (code: string, version: number, document: PolicyDocument) =>
    request<Policy>('PUT', `/policies/${one(code)}`, { json: { version, document } }),
  check: (document: PolicyDocument) =>
    request<{ problems: Problem[] }>('POST', '/policies/check', { json: { document } }),
  vocabulary: () => request<Vocabulary>('GET', '/policies/vocabulary'),

  tiers: () => request<Tier[]>('GET', '/tiers'),
  addTier: (tier: Tier) => request<Tier>('POST', '/tiers', { json: tier }),
  saveTier: ({ code, ...tier }: Tier) =>
    request<Tier>('PUT', `/tiers/${one(code)}`, { json: tier }),
  removeTier: (code: string) => request<null>('DELETE', `/tiers/${one(code)}`),

  managers: () => request<AccountManager[]>('GET', '/account-managers'),
  saveManager: ({ name, login, deputy, mobile }: AccountManager) =>
    request<null>('PUT', `/account-managers/${one(name)}`, { json: { login, deputy, mobile } }),
  leaves: () => request<Leave[]>('GET', '/leaves'),
  addLeave: (leave: { login: string; from: string; to: string; deputy: string | null }) =>
    request<Leave>('POST', '/leaves', { json: leave }),
  removeLeave: (id: number) => request<null>('DELETE', `/leaves/${id}`),

  calls: (query: CallQuery) =>
    request<{ calls: CallRow[]; next: string | null }>('GET', '/calls', {
      query: { limit: 50, ...query }
    }),
  story: (id: string) => request<CallStory>('GET', `/calls/${one(id)}`)
}
