/** What callers call about, as the engine gives it. */
import type { FigureRow, FigureText, Amounts } from './figures'
import { request } from './http'
import type { ImportResult } from './types'

export const RESULTS = ['solved', 'dispatch', 'answer'] as const
export type Result = (typeof RESULTS)[number]

export interface Contact {
  kind: 'call' | 'attempt'
  id: string
}

/** Somebody has been told of danger. */
export interface ToldDanger {
  word: string
  /** Login of whoever wrote it. */
  by: string
  at: string
  /** Login of whoever has to act; null = whoever sees the tasks first. */
  to: string | null
}

/** Codes, as far as they are known. */
export interface Place {
  customer: string
  site: string
}

export interface MatterKind {
  code: string
  parent: string | null
  nameEn: string
  nameZh: string
  byPhone: boolean
  position: number
  active: boolean
}

export interface Matter {
  id: number
  reference: string | null
  kind: string
  kindEn: string
  kindZh: string
  customerCode: string | null
  customerName: string | null
  siteCode: string | null
  siteName: string | null
  deviceId: number | null
  device: string
  number: string | null
  faultCode: string
  description: string
  result: Result | null
  resultNote: string
  assignedTo: string | null
  dueAt: string | null
  source: 'call' | 'callback' | 'hand' | 'import'
  openedAt: string
  openedBy: string
  dispatchedAt: string | null
  doneAt: string | null
  doneBy: string | null
  lastAgent: string | null
  version: number
  /** Only in the answer to what was written. */
  danger?: ToldDanger | null
  state: 'open' | 'dispatched' | 'done'
}

export interface MatterWhole extends Matter {
  contacts: { kind: Contact['kind']; id: string; at: string; by: string }[]
  history: { at: string; by: string; what: string; detail: Record<string, unknown> }[]
}

export interface MatterForm {
  kind: string
  customer: string | null
  site: string | null
  deviceId: number | null
  device: string
  /** Left out: as it is, or the caller's. */
  number?: string
  faultCode: string
  description: string
  openedAt?: string
  version?: number
  contact?: Contact
}

export interface Device {
  id: number
  name: string
}

export interface Suggestion {
  customerCode: string
  siteCode: string
  siteName: string
  number: string
  devices: Device[]
}

export interface MattersOfContact {
  joined: Matter[]
  open: Matter[]
  suggestion: Suggestion
  /** The other sites of a call that is about several. */
  others: Suggestion[]
}

export interface Decision {
  result: Result
  note: string
  assignedTo: string | null
  dueAt: string | null
}

export interface MatterFigures {
  at: string
  fcrWorkingDays: number
  by: string[]
  figures: FigureText[]
  rows: (FigureRow & { group?: string; kind?: string; customer?: string })[]
  total: Amounts
}

export type Query = Record<string, string | number | boolean | undefined>

const MATTERS = '/matters'
const at = (id: number) => `${MATTERS}/${id}`
const one = encodeURIComponent

export const matters = {
  kinds: () => request<MatterKind[]>('GET', '/matter-kinds'),
  saveKind: ({ code, ...kind }: MatterKind) =>
    request<null>('PUT', `/matter-kinds/${one(code)}`, { json: kind }),
  list: (query: Query) =>
    request<{ matters: Matter[]; next: string | null }>('GET', MATTERS, { query }),
  find: (id: number) => request<MatterWhole>('GET', at(id)),
  open: (form: MatterForm) => request<Matter>('POST', MATTERS, { json: form }),
  change: (id: number, form: MatterForm) => request<Matter>('PUT', at(id), { json: form }),
  /** Before a text is saved that tells of danger. */
  danger: (call: string, text: string, place: Place) =>
    request<{ danger: ToldDanger | null }>('POST', `/calls/${one(call)}/danger`, {
      json: { text, customer: place.customer || undefined, site: place.site || undefined }
    }),
  of: ({ kind, id }: Contact) =>
    request<MattersOfContact>('GET', `/${kind === 'call' ? 'calls' : 'attempts'}/${one(id)}/matters`),
  join: (id: number, contact: Contact) =>
    request<Matter>('POST', `${at(id)}/contacts`, { json: contact }),
  part: (id: number, contact: Contact) =>
    request<Matter>('DELETE', `${at(id)}/contacts/${contact.kind}/${one(contact.id)}`),
  decide: (id: number, version: number, decision: Decision) =>
    request<Matter>('POST', `${at(id)}/result`, { json: { ...decision, version } }),
  dispatched: (id: number, version: number, when: string | null) =>
    request<Matter>('POST', `${at(id)}/dispatched`, { json: { version, at: when } }),
  done: (id: number, version: number, note: string, when: string | null) =>
    request<Matter>('POST', `${at(id)}/done`, { json: { version, note, at: when } }),
  reopen: (id: number, version: number, note: string) =>
    request<Matter>('POST', `${at(id)}/reopen`, { json: { version, note } }),
  read: (file: File, dryRun: boolean) =>
    request<ImportResult>('POST', '/imports/matters', {
      query: { dryRun },
      bytes: file,
      deadlineMs: 300_000
    }),
  figures: (query: Query) =>
    request<MatterFigures>('GET', '/figures/matters', { query, deadlineMs: 60_000 }),
  /** Where a file is: the browser fetches it with the session's cookie. */
  file: (path: 'exports/matters' | 'figures/matters', query: Query) => {
    const parts = new URLSearchParams()
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') parts.set(key, String(value))
    }
    return `/api/v1/${path}?${parts}`
  }
}
