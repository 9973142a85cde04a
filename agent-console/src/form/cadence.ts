/** A cadence as its editor shows it, and back. All texts; whether they are right, the engine says. */
import type { CadenceDocument, EventRule } from '../api/planning'

export const EVENTS = ['hand_over', 'installation', 'acceptance', 'repair'] as const

export interface CadenceForm {
  campaign: string
  /** Empty = as the wider owner has it. */
  by: '' | 'calendar' | 'last-visit' | 'never'
  from: string
  every: string
  gap: string
  at: string
  collect: string
  closes: string
  ownEvents: boolean
  events: { after: EventRule['after']; in: string; campaign: string; gap: string }[]
  warranty: string
  answeredByRecord: string
}

export function toCadenceForm(document: CadenceDocument): CadenceForm {
  const visits = (document.visits ?? {}) as Record<string, string | undefined>
  return {
    campaign: document.campaign ?? '',
    by: (visits.by ?? '') as CadenceForm['by'],
    from: visits.from ?? '',
    every: visits.every ?? '',
    gap: visits.gap ?? '',
    at: visits.at ?? '',
    collect: visits.collect ?? '',
    closes: visits.closes ?? '',
    ownEvents: document.events !== undefined,
    events: (document.events ?? []).map((event) => ({
      after: event.after,
      in: event.in,
      campaign: event.campaign ?? '',
      gap: event.gap ?? ''
    })),
    warranty: document.warranty === undefined ? '' : String(document.warranty.visits),
    answeredByRecord: document.answeredByRecord ?? ''
  }
}

const given = (fields: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([key, text]) => [key, text.trim()])
      .filter(([, text]) => text !== '')
  )

export function toCadence(form: CadenceForm): CadenceDocument {
  const document: CadenceDocument = { ...given({ campaign: form.campaign }) }
  const { by, from, every, gap, at, collect, closes } = form
  if (by === 'never') document.visits = { by }
  else if (by === 'calendar') {
    document.visits = { by, ...given({ from, every, gap, at, closes }) } as CadenceDocument['visits']
  } else if (by === 'last-visit') {
    document.visits = { by, ...given({ every, gap, at, collect, closes }) } as CadenceDocument['visits']
  }
  if (form.ownEvents) {
    document.events = form.events.map(
      (event) =>
        ({
          after: event.after,
          ...given({ in: event.in, campaign: event.campaign, gap: event.gap })
        }) as EventRule
    )
  }
  const visits = form.warranty.trim()
  // What is no number is sent as it is: the engine says what is wrong with it.
  if (visits !== '') {
    document.warranty = { visits: /^\d{1,4}$/.test(visits) ? Number(visits) : (visits as never) }
  }
  return { ...document, ...given({ answeredByRecord: form.answeredByRecord }) }
}
