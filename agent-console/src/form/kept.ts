/**
 * What an agent has typed and the engine has not confirmed yet, on this machine, so that it outlasts
 * a browser that dies. For who typed it and for that attempt only; dropped when the form is done.
 */
import type { Answers } from '../api/types'

export interface Kept {
  answers: Answers
  disposition: string
  note: string
  appointmentAt: string | null
}

const PREFIX = 'careline.form.'
const LONGEST_MS = 24 * 3_600_000
const EMPTY: Kept = { answers: {}, disposition: '', note: '', appointmentAt: null }

/** A login holds no slash: what li has kept is told from what li.wei has. */
const keyOf = (login: string, attempt: string) => `${PREFIX}${login}/${attempt}`

export function recall(login: string, attempt: string): Kept {
  try {
    const text = localStorage.getItem(keyOf(login, attempt))
    if (!text) return { ...EMPTY, answers: {} }
    const found = JSON.parse(text) as Partial<Kept>
    const answers = Object.fromEntries(
      Object.entries(found.answers ?? {}).filter(([, value]) => typeof value === 'string')
    )
    return {
      answers,
      disposition: String(found.disposition ?? ''),
      note: String(found.note ?? ''),
      appointmentAt: typeof found.appointmentAt === 'string' ? found.appointmentAt : null
    }
  } catch {
    return { ...EMPTY, answers: {} }
  }
}

export function keep(login: string, attempt: string, what: Kept, now = Date.now()): void {
  try {
    localStorage.setItem(keyOf(login, attempt), JSON.stringify({ ...what, at: now }))
  } catch {
    // A browser that keeps nothing: the engine still has each answer that was given.
  }
}

export function forget(login: string, attempt: string): void {
  try {
    localStorage.removeItem(keyOf(login, attempt))
  } catch {
    // Nothing was kept.
  }
}

/** Forms of this person that hold something the engine does not have. */
export function unsent(login: string): number {
  return kept(login).filter(({ what }) => {
    const answers = Object.keys(what.answers ?? {}).length
    return answers > 0 || !!what.note?.trim()
  }).length
}

/** Whoever logs out leaves nothing behind on this machine. */
export function forgetAll(login: string): void {
  for (const { key } of kept(login)) {
    try {
      localStorage.removeItem(key)
    } catch {
      // Nothing was kept.
    }
  }
}

function kept(login: string): { key: string; what: Partial<Kept> }[] {
  const mine: { key: string; what: Partial<Kept> }[] = []
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i)
      if (!key?.startsWith(keyOf(login, ''))) continue
      mine.push({ key, what: read(localStorage.getItem(key)) })
    }
  } catch {
    // Nothing was kept.
  }
  return mine
}

function read(text: string | null): Partial<Kept> {
  try {
    return (JSON.parse(text ?? '{}') ?? {}) as Partial<Kept>
  } catch {
    return {}
  }
}

/** Forms of other days go: nobody comes back to them. */
export function forgetOld(now = Date.now()): void {
  try {
    for (let i = localStorage.length - 1; i >= 0; i--) {
      const key = localStorage.key(i)
      if (!key?.startsWith(PREFIX)) continue
      const at = Number((JSON.parse(localStorage.getItem(key) ?? '{}') as { at?: number }).at)
      if (!(now - at < LONGEST_MS)) localStorage.removeItem(key)
    }
  } catch {
    // Nothing was kept.
  }
}
