/** What has come of rounds, as the engine gives it. */
import { request } from './http'
import type { RoundReport, Share } from './types'

export interface RoundRow {
  number: number
  status: 'scheduled' | 'open' | 'closing' | 'closed'
  opensAt: string
  openedAt: string | null
  closedAt: string | null
  periodFrom: string
  periodTo: string
  sitesLoaded: number
}

export const STATES = [
  'none',
  'hidden_danger',
  'resolved',
  'unresolved',
  'not_heard',
  'not_listed'
] as const

export interface RoundSite {
  code: string
  name: string
  region: string
  number: string | null
  extension: string | null
  contact: string | null
  bin: string
  attempts: number
  state: string
  source: 'told' | 'hotline' | 'both' | null
  solvedOnPhone: boolean
  rating: number | null
  answeredBy: string | null
  agent: string | null
  otherState: string | null
  devices: { device: string; state: string; solvedOnPhone: boolean }[]
}

/** Which sites of a round; what is not there does not matter. */
export interface SiteFilter {
  bin?: string
  region?: string
  agent?: string
  state?: string
  content?: string
  other?: number
  otherCampaign?: string
  otherState?: string
}

export interface RoundStanding {
  at: string
  left: number
  finished: number
  openHours: number
  perHour: number | null
  expectedEnd: string | null
  closesAt: string | null
  formula: { en: string; zh: string }
}

export interface TransitionTable {
  states: string[]
  cells: number[][]
  sum: number
  earlier: number
  later: number
  both: number
}

export interface TransitionSide {
  campaign: string
  round: number
  status: string
  period: { from: string; to: string; days: number; faultsPer100SiteMonths: number | null }
  loaded: number
  bins: Record<string, number>
  responseRate: Share
  faults: Share
  unresolved: Share
  unresolvedOfFaults: Share
  satisfied: Share
  deviceFaults: Share
  unheard: Record<string, number>
}

export interface Transitions {
  /** Whose sites are compared; empty = without a region; null = all. */
  region: string | null
  from: TransitionSide
  to: TransitionSide
  sameLength: boolean
  broken: string[]
  sites: TransitionTable
  groups: Record<string, number>
  content: TransitionTable
  devices: TransitionTable
  deviceGroups: Record<string, number>
}

export interface Disclosure {
  id: number
  at: string
  by: string
  what: string
  about: string
  reason: string
}

type Query = Record<string, string | number | boolean | undefined>
const one = encodeURIComponent
const of = (campaign: string, round?: number) =>
  `/campaigns/${one(campaign)}/rounds${round === undefined ? '' : `/${round}`}`
/** A large round may take longer than the usual answer. */
const SLOW_MS = 60_000

export const rounds = {
  list: (campaign: string) => request<RoundRow[]>('GET', of(campaign)),
  report: (campaign: string, round: number) =>
    request<RoundReport>('GET', `${of(campaign, round)}/report`, { deadlineMs: SLOW_MS }),
  progress: (campaign: string, round: number) =>
    request<RoundStanding>('GET', `${of(campaign, round)}/progress`),
  transitions: (campaign: string, round: number, from: number, region?: string) =>
    request<Transitions>('GET', `${of(campaign, round)}/transitions`, {
      query: { from, region },
      deadlineMs: SLOW_MS
    }),
  sites: (campaign: string, round: number, query: Query) =>
    request<{ sites: RoundSite[]; next: string | null }>('GET', `${of(campaign, round)}/sites`, {
      query,
      deadlineMs: SLOW_MS
    }),
  numbers: (campaign: string, round: number, site: string, reason: string) =>
    request<{ contact: string; role: string; number: string; extension: string }[]>(
      'POST',
      `${of(campaign, round)}/sites/${one(site)}/numbers`,
      { json: { reason } }
    ),
  disclosures: (before?: number) =>
    request<{ entries: Disclosure[]; next: number | null }>('GET', '/disclosures', {
      query: { before }
    }),
  /** Where a file is: the browser fetches it with the session's cookie. */
  file: (campaign: string, round: number, query: Query) => {
    const parts = new URLSearchParams()
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') parts.set(key, String(value))
    }
    return `/api/v1${of(campaign, round)}/export?${parts}`
  }
}
