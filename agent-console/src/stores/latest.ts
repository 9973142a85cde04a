import { ref, type Ref } from 'vue'

/** Of several questions on the way only the answer to the last one counts. */
export function useLatest<T>(
  ask: () => Promise<T>,
  take: (answer: T) => void
): { busy: Ref<boolean>; problem: Ref<unknown>; load: () => Promise<void> } {
  const busy = ref(false)
  const problem = ref<unknown>(null)
  let latest = 0

  async function load(): Promise<void> {
    const mine = ++latest
    busy.value = true
    try {
      const answer = await ask()
      if (mine !== latest) return
      take(answer)
      problem.value = null
    } catch (refusal) {
      if (mine === latest) problem.value = refusal
    } finally {
      if (mine === latest) busy.value = false
    }
  }

  return { busy, problem, load }
}
