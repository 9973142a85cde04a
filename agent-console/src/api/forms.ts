/** Questionnaires, their drafts and dry runs, fault cards, and answers of sites. */
import { request } from './http'
import type { Problem } from './routing'
import type { Answers, FaultBook, FaultCard, FormDevice, ImportResult, Section } from './types'

export interface QuestionnaireRow {
  code: string
  /** 0 = nothing is published yet. */
  version: number
  publishedBy: string
  publishedAt: string | null
  questions: number
  campaigns: string[]
  draft: { revision: number; savedBy: string; savedAt: string } | null
}

export interface FormDocument {
  sections: Section[]
}

export interface Draft {
  revision: number
  basedOn: number
  document: unknown
  savedBy: string
  savedAt: string
  refusedBy: string | null
  refusedAt: string | null
  problems: Problem[]
  reworded: string[]
}

export interface QuestionnaireWhole {
  code: string
  version: number
  document: unknown
  versions: { version: number; publishedBy: string; publishedAt: string | null }[]
  campaigns: string[]
  draft: Draft | null
}

type What = 'added' | 'changed' | 'removed'

/** A question or section that draft or newest version have changed since the draft was begun. */
export interface DraftChange {
  code: string
  section: boolean
  theirs: What | null
  mine: What | null
  /** Both have changed it: the draft's stands when it is carried over. */
  collides: boolean
  before: Record<string, unknown> | null
  newest: Record<string, unknown> | null
  draft: Record<string, unknown> | null
}

export interface DraftDifference {
  revision: number
  basedOn: number
  newest: number
  changes: DraftChange[]
}

/** An answer as it stands, or (with replacedBy) as it stood before. */
export interface GivenAnswer {
  /** By code, of a device by code@device. */
  key: string
  value: string
  version: number
  callId: string
  second: number | null
  by: string
  at: string
}

export interface SiteAnswers {
  questionnaire: { code: string; version: number; sections: Section[] }
  devices: FormDevice[]
  answers: (GivenAnswer & {
    device: string
    correctedBy: string | null
    correctedAt: string | null
    correctedWhy: string | null
  })[]
  former: (GivenAnswer & {
    replacedBy: string
    replacedAt: string
    kind: 'changed' | 'void' | 'corrected'
    why: string
  })[]
  missing: string[]
}

export interface Trial {
  problems: Problem[]
  sections: Section[] | null
  devices: FormDevice[]
  asked: string[]
  standing: Answers
  fallenAway: string[]
  missing: string[]
  refused: { key: string; reason: string; message: string }[]
}

const one = encodeURIComponent

export const forms = {
  list: () => request<QuestionnaireRow[]>('GET', '/questionnaires'),
  questionnaire: (code: string, version?: number) =>
    request<QuestionnaireWhole>('GET', `/questionnaires/${one(code)}`, { query: { version } }),
  /** @param from the version that was changed, where there was no draft */
  saveDraft: (code: string, revision: number, document: FormDocument, from: number) =>
    request<QuestionnaireWhole>('PUT', `/questionnaires/${one(code)}/draft`, {
      json: { revision, from, document }
    }),
  difference: (code: string) =>
    request<DraftDifference>('GET', `/questionnaires/${one(code)}/draft/difference`),
  rebase: (code: string, revision: number, onto: number) =>
    request<QuestionnaireWhole>('POST', `/questionnaires/${one(code)}/draft/rebase`, {
      json: { revision, onto }
    }),
  dropDraft: (code: string, revision: number) =>
    request<null>('DELETE', `/questionnaires/${one(code)}/draft`, { query: { revision } }),
  publish: (code: string, revision: number) =>
    request<QuestionnaireWhole>('POST', `/questionnaires/${one(code)}/publish`, {
      json: { revision }
    }),
  /** @param models of the devices it is tried with */
  tryOut: (code: string, document: FormDocument, models: string[], answers: Answers) =>
    request<Trial>('POST', '/questionnaires/trial', { json: { code, document, models, answers } }),

  answers: (campaign: string, round: number, site: string) =>
    request<SiteAnswers>('GET', `/campaigns/${one(campaign)}/rounds/${round}/answers`, {
      query: { site }
    }),
  correct: (
    campaign: string,
    round: number,
    correction: { site: string; key: string; value: string; why: string }
  ) =>
    request<SiteAnswers>('POST', `/campaigns/${one(campaign)}/rounds/${round}/answers/corrections`, {
      json: correction
    }),

  faults: () => request<FaultBook>('GET', '/fault-cards'),
  saveCard: (card: FaultCard) => {
    const { id, version, ...rest } = card
    return id === 0
      ? request<FaultCard>('POST', '/fault-cards', { json: rest })
      : request<FaultCard>('PUT', `/fault-cards/${id}`, { json: { ...rest, version } })
  },
  readCards: (file: File, dryRun: boolean) =>
    request<ImportResult>('POST', '/imports/fault-cards', {
      query: { dryRun },
      bytes: file,
      deadlineMs: 120_000
    }),
  removeCard: (card: FaultCard) =>
    request<null>('DELETE', `/fault-cards/${card.id}`, { query: { version: card.version } }),
  saveDangerWords: (words: string[]) => request<null>('PUT', '/danger-words', { json: { words } })
}
