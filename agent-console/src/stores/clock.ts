import { onScopeDispose, ref, type Ref } from 'vue'
import { engineNow } from '../api/http'

/** The engine's time in milliseconds, moving on each second while the component lives. */
export function useClock(): Ref<number> {
  const now = ref(engineNow())
  const timer = setInterval(() => (now.value = engineNow()), 1000)
  onScopeDispose(() => clearInterval(timer))
  return now
}
