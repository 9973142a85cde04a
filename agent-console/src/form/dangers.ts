/** Danger in what is being written about a call: somebody is told before it is saved. */
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import { forms } from '../api/forms'
import { matters, type Contact, type Place, type ToldDanger } from '../api/matters'
import type { FaultBook } from '../api/types'
import { dangerIn } from './faults'

/** So long nobody has typed. */
const PAUSE_MS = 1500
const AGAIN_MS = 5000
const LONGEST = 2000

export interface DangerWatch {
  /** What was recognised; null = nothing. */
  word: ComputedRef<string | null>
  /** Who was told, when; null = nobody yet. */
  told: Ref<ToldDanger | null>
  /** Nobody could be told: it is tried again. */
  failed: Ref<boolean>
}

/**
 * Looks at a text; what it says of a call of the hotline is told at once, what it says of a
 * callback when it is saved.
 */
export function watchDanger(
  contact: () => Contact | null,
  text: () => string,
  place: () => Place
): DangerWatch {
  const book = ref<FaultBook>({ cards: [], dangerWords: [] })
  const told = ref<ToldDanger | null>(null)
  const failed = ref(false)
  const word = computed(() => dangerIn(book.value, text()))
  let timer: ReturnType<typeof setTimeout> | undefined

  async function tell(): Promise<void> {
    const of = contact()
    if (of?.kind !== 'call' || !word.value) return
    try {
      const { danger } = await matters.danger(of.id, text().slice(0, LONGEST), place())
      if (danger) told.value = danger
      failed.value = false
    } catch {
      failed.value = true
      timer = setTimeout(tell, AGAIN_MS)
    }
  }

  watch([text, word], () => {
    clearTimeout(timer)
    if (word.value && !told.value) timer = setTimeout(tell, PAUSE_MS)
  })
  forms.faults().then(
    (found) => {
      if (found?.dangerWords) book.value = found
    },
    // The engine looks at the text, too, when it is saved.
    () => undefined
  )
  onScopeDispose(() => clearTimeout(timer))
  return { word, told, failed }
}
