/** The engine's interface, one function per operation the console uses. */
import { request } from './http'
import type {
  Appointments,
  AgentView,
  Answers,
  CalendarDay,
  CallDisposition,
  Campaign,
  Card,
  ColumnMapping,
  FileKind,
  HistoryPage,
  ImportOptions,
  ImportResult,
  Line,
  LineForm,
  Round,
  RoundReport,
  Session,
  SoftphoneAccess,
  Status,
  Task,
  TransferTargets,
  WaitingCaller,
  Work,
  WaitingSite
} from './types'

const one = encodeURIComponent

export const careline = {
  logIn: (login: string, password: string) =>
    request<Session>('POST', '/session', { json: { login, password } }),
  session: () => request<Session>('GET', '/session'),
  logOut: () => request<null>('DELETE', '/session'),

  softphone: () => request<SoftphoneAccess>('POST', '/softphone'),
  agents: () => request<AgentView[]>('GET', '/agents'),
  wish: (wish: 'ready' | 'not_ready', reason?: string) =>
    request<null>('PUT', '/agents/me/presence', { json: { wish, reason: reason ?? '' } }),
  setNotReady: (agent: string) => request<null>('POST', `/agents/${one(agent)}/not-ready`),
  releaseAgent: (agent: string) => request<null>('POST', `/agents/${one(agent)}/release`),
  endWrapUp: () => request<null>('POST', '/agents/me/wrap-up/end'),

  liveCalls: () => request<WaitingCaller[]>('GET', '/calls/live'),
  card: (call: string) => request<Card>('GET', `/calls/${one(call)}/card`),
  hangUpCall: (id: string) => request<null>('POST', `/calls/${one(id)}/hang-up`),

  talk: (id: string, verb: string, target?: Record<string, string>) =>
    request<null>('POST', `/calls/${one(id)}/${verb}`, target ? { json: target } : {}),
  transferTargets: () => request<TransferTargets>('GET', '/transfer-targets'),
  dispositions: () => request<CallDisposition[]>('GET', '/dispositions'),
  saveDispositions: (dispositions: CallDisposition[]) =>
    request<null>('PUT', '/dispositions', { json: { dispositions } }),
  callDisposition: (id: string, disposition: string) =>
    request<null>('POST', `/calls/${one(id)}/disposition`, { json: { disposition } }),
  extendWrapUp: () => request<null>('POST', '/agents/me/wrap-up/extend'),

  work: () => request<Work>('GET', '/work'),
  waitingSites: (call: string) => request<WaitingSite[]>('GET', `/calls/${one(call)}/round`),
  askRound: (call: string) => request<{ attemptId: string }>('POST', `/calls/${one(call)}/round`),
  appointments: (campaign: string) =>
    request<Appointments>('GET', `/campaigns/${one(campaign)}/appointments`),
  dial: (id: string) => request<null>('POST', `/attempts/${one(id)}/dial`),
  hangUpAttempt: (id: string) => request<null>('POST', `/attempts/${one(id)}/hang-up`),
  sendKeys: (id: string, keys: string) =>
    request<null>('POST', `/attempts/${one(id)}/keys`, { json: { keys } }),
  saveAnswers: (id: string, site: string, answers: Answers) =>
    request<null>('PUT', `/attempts/${one(id)}/answers`, { query: { site }, json: answers }),
  disposition: (
    id: string,
    form: {
      /** None = all sites of the attempt that are open. */
      site?: string
      disposition: string
      note: string
      appointmentAt: string | null
      appointmentWith?: 'me' | 'anybody'
      appointmentAsked?: string
      referral?: { name: string; role: string; number: string; next: boolean } | null
    }
  ) => request<null>('POST', `/attempts/${one(id)}/disposition`, { json: form }),

  tasks: (over: boolean, kind?: string) =>
    request<Task[]>('GET', '/tasks', { query: { over, kind } }),
  takeTask: (id: string) => request<null>('POST', `/tasks/${one(id)}/take`),
  endTask: (id: string, result: string, note: string) =>
    request<null>('POST', `/tasks/${one(id)}/done`, { json: { result, note } }),
  acknowledgeTask: (id: string) => request<null>('POST', `/tasks/${one(id)}/acknowledge`),
  dialTask: (id: string) => request<{ callId: string }>('POST', `/tasks/${one(id)}/dial`),
  hangUpTaskCall: (id: string) => request<null>('POST', `/task-calls/${one(id)}/hang-up`),
  taskResult: (id: string, result: string, note: string) =>
    request<null>('POST', `/task-calls/${one(id)}/result`, { json: { result, note } }),

  importFile: (kind: FileKind, file: File, options: ImportOptions) =>
    request<ImportResult>('POST', `/imports/${kind}`, {
      query: {
        dryRun: options.dryRun,
        fileName: file.name,
        fullList: kind === 'sites' && options.fullList ? true : undefined,
        customer: options.customer || undefined
      },
      bytes: file,
      deadlineMs: 300_000
    }),
  /** Where a file is: the browser fetches it with the session's cookie. */
  exportFile: (kind: FileKind, customer: string, format: 'csv' | 'xlsx', reason = '') =>
    `/api/v1/exports/${kind}?format=${format}${customer ? `&customer=${one(customer)}` : ''}` +
    (reason ? `&whole=true&reason=${one(reason)}` : ''),
  mapping: (customer: string, kind: FileKind) =>
    request<ColumnMapping>('GET', `/customers/${one(customer)}/mappings/${kind}`),
  saveMapping: (customer: string, kind: FileKind, heads: Record<string, string>) =>
    request<ColumnMapping>('PUT', `/customers/${one(customer)}/mappings/${kind}`, {
      json: { heads }
    }),
  history: (customer: string, site: string, before?: number) =>
    request<HistoryPage>('GET', `/customers/${one(customer)}/history`, {
      query: { site: site || undefined, before }
    }),
  campaigns: () => request<Campaign[]>('GET', '/campaigns'),
  openRound: (code: string, opensAt?: string, closesAt?: string, sites?: Record<string, string[]>) =>
    request<Round>('POST', `/campaigns/${one(code)}/rounds`, { json: { opensAt, closesAt, sites } }),
  currentRound: (code: string) =>
    request<Round>('GET', `/campaigns/${one(code)}/rounds/current`),
  closeRound: (code: string, round?: number) =>
    request<null>('POST', `/campaigns/${one(code)}/rounds/current/close`, { query: { round } }),
  pauseRound: (code: string, round?: number) =>
    request<null>('POST', `/campaigns/${one(code)}/rounds/current/pause`, { query: { round } }),
  resumeRound: (code: string, round?: number) =>
    request<null>('POST', `/campaigns/${one(code)}/rounds/current/resume`, { query: { round } }),
  extendRound: (code: string, closesAt: string | null) =>
    request<null>('POST', `/campaigns/${one(code)}/rounds/current/extend`, { json: { closesAt } }),
  report: (code: string) =>
    request<RoundReport>('GET', `/campaigns/${one(code)}/rounds/current/report`),

  lines: () => request<Line[]>('GET', '/lines'),
  createLine: (line: LineForm) => request<Line>('POST', '/lines', { json: line }),
  saveLine: (code: string, version: string, line: LineForm) =>
    request<Line>('PUT', `/lines/${one(code)}`, { json: { ...line, version } }),
  prompts: () => request<Record<string, string[]>>('GET', '/prompts'),
  calendars: () => request<{ code: string; years: number[] }[]>('GET', '/calendars'),
  calendar: (code: string, year: number) =>
    request<{ days: CalendarDay[] }>('GET', `/calendars/${one(code)}/${year}`),
  saveCalendar: (code: string, year: number, days: CalendarDay[]) =>
    request<{ days: CalendarDay[] }>('PUT', `/calendars/${one(code)}/${year}`, { json: { days } }),

  status: () => request<Status>('GET', '/status')
}
