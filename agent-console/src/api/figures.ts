/** Figures of the hotline and of agents, as the engine gives them. */
import { request } from './http'

export type Unit = 'count' | 'share' | 'seconds'

export interface FigureText {
  id: string
  unit: Unit
  textEn: string
  textZh: string
  formulaEn: string
  formulaZh: string
}

export interface Amount {
  value: number | null
  n?: number
  of?: number
  excluded?: number
  contested?: number
}

export type Amounts = Record<string, Amount>

export interface FigureRow {
  from?: string
  line?: string
  tier?: string
  skill?: string
  agent?: string
  name?: string
  values: Amounts
}

export interface Identity {
  id: 'callers_in' | 'offered'
  textEn: string
  textZh: string
  formulaEn: string
  formulaZh: string
  total: number
  bins: Record<string, number>
  difference: number
  calls: string[]
}

export interface HotlineFigures {
  from: string
  to: string
  at: string
  zone: string
  interval: string | null
  shortAbandonSeconds: number
  fcrWorkingDays: number
  by: string[]
  targets: { line: string; tier: string; percent: number; withinSeconds: number }[]
  figures: FigureText[]
  rows: FigureRow[]
  total: Amounts
  identities: Identity[]
}

export interface LiveMoment {
  at: string
  beforeQueue: number
  waiting: number
  longestWaitSeconds: number
  talking: number
  agents: Record<string, number>
  places: {
    line: string
    tier: string
    waiting: number
    longestWaitSeconds: number
    talking: number
  }[]
}

export interface AgentFigures {
  from: string
  to: string
  at: string
  zone: string
  interval: string | null
  figures: FigureText[]
  rows: (FigureRow & { notReadySeconds: Record<string, number> })[]
  /** Of all of them together. */
  total: Amounts
  neverToSurvey: { agent: string; name: string; calls: number }[]
}

export interface Contest {
  id: number
  agentNumber: string
  figure: string
  rowId: string
  callId: string
  happenedAt: string
  text: string
  raisedBy: string
  raisedAt: string
  decision: 'accepted' | 'refused' | null
  reason: string
  decidedBy: string | null
  decidedAt: string | null
}

export interface Behind {
  id: string
  kind: 'offer' | 'state' | 'promise'
  callId: string | null
  from: string
  answeredAt: string | null
  to: string | null
  what: string | null
  reason: string | null
  endedBy: string | null
  talkSeconds: number | null
  holdSeconds: number | null
  wrapUpSeconds: number | null
  survey: number | null
  n: number
  contest: Contest | null
}

export interface Span {
  from: string
  to: string
}

type Query = Record<string, string | number | boolean | undefined>
/** A year may take longer than the usual answer. */
const SLOW_MS = 60_000
const one = encodeURIComponent

export const figures = {
  hotline: (query: Query) =>
    request<HotlineFigures>('GET', '/figures/hotline', { query, deadlineMs: SLOW_MS }),
  live: () => request<LiveMoment>('GET', '/figures/live'),
  agents: (query: Query) =>
    request<AgentFigures>('GET', '/figures/agents', { query, deadlineMs: SLOW_MS }),
  rows: (agent: string, figure: string, span: Span) =>
    request<{ figure: FigureText; rows: Behind[]; more: boolean }>(
      'GET',
      `/figures/agents/${one(agent)}/rows`,
      { query: { figure, ...span }, deadlineMs: SLOW_MS }
    ),
  contest: (agent: string, form: { figure: string; row: string; text: string }) =>
    request<Contest>('POST', `/figures/agents/${one(agent)}/contest`, { json: form }),
  contests: (open: boolean) => request<Contest[]>('GET', '/figures/contests', { query: { open } }),
  decide: (id: number, form: { decision: 'accept' | 'refuse'; reason: string }) =>
    request<Contest>('POST', `/figures/contests/${id}/decision`, { json: form }),
  /** Where a file is: the browser fetches it with the session's cookie. */
  file: (path: 'hotline' | 'agents' | 'queue-log', query: Query) => {
    const parts = new URLSearchParams()
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) parts.set(key, String(value))
    }
    return `/api/v1/figures/${path}?${parts}`
  }
}
