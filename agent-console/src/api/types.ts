/** What the engine sends under /api/v1. Instants are ISO 8601 in UTC. */

export type Role = 'agent' | 'scheduler' | 'supervisor' | 'admin'
export type Language = 'zh' | 'en'

export interface Session {
  login: string
  name: string
  roles: Role[]
  agentNumber: string | null
  language: Language
}

export const PRESENCES = [
  'logged_out',
  'not_ready',
  'ready',
  'offered',
  'on_call',
  'after_call_work'
] as const
export type Presence = (typeof PRESENCES)[number]

/** Reasons an agent chooses himself; missed, connection_lost, login and supervisor are the engine's. */
export const CHOSEN_REASONS = ['break', 'training', 'meeting'] as const

export interface AgentView {
  number: string
  name: string
  presence: Presence
  reason: string
  since: string
  callId: string | null
  reachable: boolean
  /** When the wrap-up ends by itself. */
  until?: string | null
}

export interface WaitingCaller {
  id: string
  line: string
  callerNumber: string | null
  customer: string | null
  site: string | null
  tier: string
  state: string
  since: string
  position: number | null
  /** Null when no estimate is good enough. */
  expectedWaitSeconds: number | null
  agentNumber: string | null
}

export type RoundStatus = 'scheduled' | 'open' | 'closing' | 'closed'

export interface Round {
  number: number
  status: RoundStatus
  opensAt: string
  openedAt: string | null
  closedAt?: string | null
  paused: boolean
  closesAt: string | null
  sitesLoaded: number
  bins: Record<string, number>
  attempts: number
  /** Who opened it: a person, the calendar of a cadence, sites that were due, or events. */
  origin?: 'hand' | 'calendar' | 'due' | 'event'
}

export interface RoundProgress extends Round {
  campaign: string
  name?: string
}

export interface Campaign {
  code: string
  name: string
  customer: string
  mode: string
  round: Round | null
  /** Those that a cadence has opened beside it and that are not over. */
  beside: Round[]
}

export interface Status {
  leader: boolean
  epoch: number
  switch: 'up' | 'down'
  database: 'up' | 'down' | 'unknown'
  journalLag: number
  waiting: number
  agentsReady: number
  openDangers: number
  /** Whom to call about them. */
  dangerPeople: string[]
  banner: string | null
}

export interface Device {
  model: string
  serial: string
  installDate: string | null
}

export interface SiteView {
  code: string
  name: string
  customer?: string | null
  tier?: string | null
  city?: string | null
  province?: string | null
  address?: string | null
  remark?: string | null
  accountManager?: string | null
}

export interface EarlierCall {
  id: string
  at: string
  outcome: string | null
  agentNumber?: string | null
}

export interface Card {
  callId: string
  callerNumber: string | null
  customer: { code: string; name: string } | null
  tier: string
  site: SiteView | null
  devices: Device[]
  lastCalls: EarlierCall[]
}

export interface CallWork {
  kind: 'call'
  callId: string
  state: string
  card: Card
  talk: Talk | null
  wrapUp: WrapUp | null
  /** What a round asks the caller, because he rang before he was rung. */
  attempt?: AttemptWork | null
}

/** A site of an open round that waits for its call. */
export interface WaitingSite {
  campaign: string
  round: number
  code: string
  name: string
  appointmentAt: string | null
}

export interface Talk {
  phase: 'talking' | 'held' | 'joining' | 'consulting' | 'conference' | 'forwarded'
  yours: boolean
  phoneHolds: boolean
  recordingPaused: boolean
  consulted: string | null
  consultedAnswered: boolean
}

export interface WrapUp {
  dispositionNeeded: boolean
  extendable: boolean
}

export interface CallDisposition {
  code: string
  nameEn: string
  nameZh: string
}

export interface TransferTargets {
  agents: { number: string; name: string; presence: AgentView['presence'] }[]
  lines: { code: string; nameEn: string; nameZh: string }[]
}

export interface Option {
  value: string
  textEn: string
  textZh: string
}

/** When a question or a section is asked; none holds on an answer that is not there. */
export type Condition =
  | { code: string; equals: Value }
  | { code: string; oneOf: Value[] }
  | { code: string; includes: string }
  | { code: string; atLeast: string | number }
  | { code: string; atMost: string | number }
  | { all: Condition[] }
  | { any: Condition[] }
export type Value = string | number | boolean

export const QUESTION_TYPES = [
  'yes_no',
  'choice',
  'multi',
  'number',
  'date',
  'text',
  'scale_1_5'
] as const

export interface Question {
  /** The meaning, the same across versions and rounds. */
  code: string
  type: (typeof QUESTION_TYPES)[number]
  textEn: string
  textZh: string
  hintEn?: string
  hintZh?: string
  options?: (Option | string)[]
  unitEn?: string
  unitZh?: string
  min?: string | number
  max?: string | number
  decimals?: number
  longest?: number
  required?: boolean
  /** Of which devices, by model; * stands for any letters; left out = all. */
  models?: string[]
  onlyWhen?: Condition
}

export interface Section {
  /** Empty = the only one, without a title. */
  code: string
  titleEn?: string
  titleZh?: string
  perDevice?: boolean
  models?: string[]
  onlyWhen?: Condition
  questions: Question[]
}

/** By code, of a device by code@device. */
export type Answers = Record<string, string>

export interface FormDevice {
  id: number
  model: string
  serial: string
  /** Taken off the site after it was asked about: the model may have the serial behind it. */
  gone?: boolean
}

export interface RoundPeriod {
  number: number
  periodFrom: string
  periodTo: string
}

/** What the site said in the last round in which it answered. */
export interface AnswersBefore {
  round: RoundPeriod
  answers: Answers
  /** Codes asked in other words then: not to be compared. */
  reworded: string[]
}

export interface FaultCard {
  id: number
  /** Empty = every model. */
  model: string
  /** Empty = every fault. */
  faultCode: string
  titleEn: string
  titleZh: string
  askEn: string
  askZh: string
  doEn: string
  doZh: string
  danger: boolean
  version: number
}

export interface FaultBook {
  cards: FaultCard[]
  dangerWords: string[]
}

/** A site a call is about. */
export interface AttemptSite {
  site: SiteView
  devices: FormDevice[]
  answers: Answers
  before: AnswersBefore | null
  faults: FaultBook
  /** What it came to; null = open. */
  disposition: string | null
}

export interface Appointment {
  round: number
  site: string
  siteName: string
  at: string
  /** Who is wanted; empty = anybody. */
  agent: string
  /** Who asked for a time outside the rules; empty = inside. */
  asked: string
  madeBy: string
  madeAt: string
  madeIn: string
  state: 'coming' | 'kept' | 'rung_back' | 'late' | 'missed'
  placedAt: string | null
}

export interface Appointments {
  /** Promised for this time or later. */
  from: string
  until: string | null
  /** kept + rungBack + missed. */
  promised: number
  kept: number
  rungBack: number
  /** Of the missed. */
  late: number
  missed: number
  coming: number
  entries: Appointment[]
}

export interface AttemptWork extends AttemptSite {
  kind: 'attempt'
  attemptId: string
  state:
    | 'inserted'
    | 'agent_ringing'
    | 'dialling'
    | 'listening'
    | 'heard'
    | 'talking'
    | 'ended'
    | 'settled'
    | 'unknown'
  mode: 'preview' | 'progressive'
  contact: { name: string; role: string; number: string; extension: string } | null
  questionnaire: { code: string; version: number; sections: Section[] }
  round: RoundPeriod
  /** The hotline's call it is asked in; null = rung by us. */
  callId?: string | null
  /** Sites the same contact answers for. */
  others: AttemptSite[]
}

export interface Task {
  id: string
  kind: string
  callId: string
  number: string | null
  customer: string | null
  site: string | null
  line: string | null
  tier: string
  note: string
  createdAt: string
  dueAt: string
  waitedSince: string | null
  byItself: boolean
  tries: number
  assignedTo: string | null
  state: 'open' | 'taken' | 'done' | 'expired'
  result: string | null
  resultNote: string
  closedAt: string | null
  closedBy: string | null
  /** Why the last call for it was made by that agent and then; null = by hand, or none yet. */
  lastReasonEn: string | null
  lastReasonZh: string | null
  recorded: boolean
}

export interface TaskWork {
  kind: 'task'
  callId: string
  taskId: string
  taskKind: string
  /** The call the task came from. */
  fromCallId: string
  state: string
  number: string | null
  customer: string | null
  site: string | null
  line: string | null
  tier: string
  since: string
  dueAt: string
  tries: number
  answered: boolean
  /** Why this agent and why now; null = he dialled himself. */
  reasonEn: string | null
  reasonZh: string | null
}

export type Work = CallWork | AttemptWork | TaskWork | null

export type SoftphoneAccess =
  | { uri: string; user: string; secret: string; websocket: string; expiresAt: string }
  | { deskPhone: string }

export interface Reject {
  line: number
  column: string
  reason: string
}

export interface ImportResult {
  added: number
  changed: number
  unchanged: number
  rejected: number
  rejects: Reject[]
  rejectsCsv: string
  duplicates: number
  twins: Reject[]
  toConfirm: number
  details: ImportDetail[]
}

/** Something an import adds, changes or asks about; line 0 = stands in no line. */
export interface ImportDetail {
  line: number
  what: 'added' | 'changed' | 'to_confirm'
  name: string
  fields: { column: string; former: string; value: string }[]
}

export const FILE_KINDS = [
  'customers',
  'consent',
  'sites',
  'contacts',
  'devices',
  'visits',
  'do-not-call',
  'roster'
] as const
export type FileKind = (typeof FILE_KINDS)[number]

export interface ImportOptions {
  dryRun: boolean
  /** The file has all sites of its customers. */
  fullList: boolean
  /** Code of the customer whose file it is; empty = each row says it. */
  customer: string
}

export interface ColumnMapping {
  /** What stands in the head of his files -> our column. */
  heads: Record<string, string>
  columns: string[]
}

export interface HistoryEntry {
  id: number
  at: string
  by: string
  source: string
  customer: string
  site: string
  what: string
  name: string
  field: string
  former: string
  value: string
}

export interface HistoryPage {
  entries: HistoryEntry[]
  next: number | null
}

export interface Share {
  n: number
  of: number
}

export interface Figures {
  sitesLoaded: number
  bins: Record<string, number>
  /** Of all loaded; null where there are too few to say. */
  responseRate: number | null
  faults: Share
  unresolved: Share
  satisfied: Share
}

/** A figure of a round with its formula; a share of fewer than 10 has no value. */
export interface RoundFigure {
  id: string
  unit: 'share' | 'ratio'
  n: number
  of: number
  value: number | null
  textEn: string
  textZh: string
  ofEn: string
  ofZh: string
  formulaEn: string
  formulaZh: string
}

export interface DeviceFigures {
  listed: number
  faults: Share
  unresolved: Share
  unresolvedOfFaults: Share
  solvedOnPhone: Share
}

export interface RoundReport extends Figures {
  /** When it was counted; null = just now. */
  countedAt: string | null
  regions: (Figures & { code: string; devices: DeviceFigures })[]
  effort: { notReached: { code: string; name: string }[]; attempts: number }
  period: { from: string; to: string; days: number; faultsPer100SiteMonths: number | null }
  sources: { told: number; hotline: number; both: number }
  devices: DeviceFigures
  content: { byRole: Record<string, Share>; refused: number }
  agents: {
    number: string
    attempts: number
    connected: Share
    contacted: Share
    completed: Share
    faults: Share
    unresolved: Share
    satisfied: Share
  }[]
  figures: RoundFigure[]
}

/** Spans such as 09:00-12:00 of each weekday (mon to sun), of holidays and of make-up days. */
export type Hours = Record<string, string[]>

export interface MenuEntry {
  key: number
  choice: string
  skill: string
}

export interface LineForm {
  code: string
  number: string
  nameEn: string
  nameZh: string
  language: Language
  greeting: string
  ringTimeout: string
  wrapUp: string
  settings: {
    publicNumber: string
    landingNumbers: string[]
    notice: string
    askCode: boolean
    zone: string
    /** null = round the clock */
    hours: Hours | null
    calendar: string
    openTiers: string[]
    menu: MenuEntry[]
    afterHours: { action: string; prompt: string; emergencySkill: string }
    closing: string
    announceAgent: boolean
    survey: string
    policy: string
    callback: { offer: boolean; expiry: string; tries: number; spacing: string }
    disposition: string
    wrapUp: { max: string; extension: string }
  }
}

export interface Line extends LineForm {
  /** Goes back with a change: somebody else may have made one meanwhile. */
  version: string
  open: boolean
  /** When it opens or closes next. */
  changesAt: string | null
  /** false = its calendar has no days of this year */
  calendarKnown: boolean
}

export interface CalendarDay {
  date: string
  kind: 'holiday' | 'make-up-workday'
  nameEn: string
  nameZh: string
}
