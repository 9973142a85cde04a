/** How often sites are rung, who is at work when, and what the coming 12 months bring. */
import { request } from './http'

export interface CalendarVisits {
  by: 'calendar'
  from: string
  every: string
  gap?: string
  at?: string
  closes?: string
}

export interface LastVisits {
  by: 'last-visit'
  every: string
  gap?: string
  at?: string
  collect?: string
  closes?: string
}

export interface EventRule {
  after: 'hand_over' | 'installation' | 'acceptance' | 'repair'
  in: string
  campaign?: string
  gap?: string
}

export interface CadenceDocument {
  campaign?: string
  visits?: CalendarVisits | LastVisits | { by: 'never' }
  events?: EventRule[]
  warranty?: { visits: number }
  answeredByRecord?: string
}

/** Version 0 = nobody has said anything yet; refusedBy = who else wanted to save over it. */
export interface Cadence {
  owner: 'tier' | 'customer' | 'site'
  tierCode: string | null
  customerCode: string | null
  siteCode: string | null
  cadence: CadenceDocument
  version: number
  savedBy: string | null
  savedAt: string | null
  refusedBy: string | null
  refusedAt: string | null
}

export interface CadenceOwner {
  tier?: string
  customer?: string
  site?: string
}

export interface Shift {
  id: number
  agent: string
  date: string
  from: string
  to: string
}

export interface Week {
  monday: string
  workingDays: number
  sites: number
  calls: number
  neededHours: number
  presentHours: number
  roster: boolean
  hotlineHours: number
  missingHours: number
  suffices: boolean
}

export interface Preview {
  measured: {
    attemptsPerCompleted: number
    attemptsMeasuredOn: number
    handlingSeconds: number
    handlingMeasuredOn: number
    hotlineHoursPerWeek: number
  }
  weeks: Week[]
  rounds: { campaign: string; origin: 'calendar' | 'due'; day: string; until: string; sites: number }[]
  formula: string
}

export const planning = {
  cadences: () => request<Cadence[]>('GET', '/cadences'),
  cadence: (owner: CadenceOwner) => request<Cadence>('GET', '/cadence', { query: { ...owner } }),
  saveCadence: (owner: CadenceOwner, version: number, cadence: CadenceDocument) =>
    request<Cadence>('PUT', '/cadence', { query: { ...owner }, json: { version, cadence } }),
  roster: (from: string, to: string) => request<Shift[]>('GET', '/roster', { query: { from, to } }),
  addShift: (shift: Omit<Shift, 'id'>) => request<Shift>('POST', '/roster', { json: shift }),
  changeShift: (id: number, from: string, to: string) =>
    request<Shift>('PUT', `/roster/${id}`, { json: { from, to } }),
  removeShift: (id: number) => request<null>('DELETE', `/roster/${id}`),
  preview: (customer: string) => request<Preview>('GET', '/preview', { query: { customer: customer || undefined } })
}
