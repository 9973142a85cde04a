/** What to ask and do about a fault, and what means danger. The engine judges by the same rules. */
import type { FaultBook, FaultCard } from '../api/types'

/** The question whose answer is a device's fault code. */
export const FAULT_CODE = 'fault_code'

/** The question whether the fault was solved on the phone. */
export const SOLVED_ON_PHONE = 'solved_on_phone'

const plain = (text: string) => text.replace(/\s+/g, '').toLowerCase()
const fits = (wanted: string, given: string) => !wanted || plain(wanted) === plain(given)

/** The closest card: the model's own before one for every model, the code's own before all. */
export function cardFor(book: FaultBook, model: string, code: string): FaultCard | null {
  const rank = (card: FaultCard) => (card.model ? 0 : 2) + (card.faultCode ? 0 : 1)
  return (
    book.cards
      .filter((card) => fits(card.model, model) && fits(card.faultCode, code))
      .sort((a, b) => rank(a) - rank(b))[0] ?? null
  )
}

const latin = (c: string | undefined) => c !== undefined && /[a-z0-9]/.test(c)

/** The first word of danger in a text; a Latin word must not be a piece of another. */
export function dangerIn(book: FaultBook, text: string): string | null {
  const said = text.toLowerCase()
  return book.dangerWords.find((each) => stands(each.toLowerCase(), said)) ?? null
}

function stands(word: string, said: string): boolean {
  for (let at = said.indexOf(word); at >= 0; at = said.indexOf(word, at + 1)) {
    const end = at + word.length
    const before = latin(said[at - 1]) && latin(word[0])
    const after = latin(word.at(-1)) && latin(said[end])
    if (!before && !after) return true
  }
  return false
}
