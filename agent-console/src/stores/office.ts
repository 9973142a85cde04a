import { ref } from 'vue'

const KEY = 'careline.zone'

function remembered(): string {
  try {
    return localStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}

/** The office's time zone as the engine said it last; empty = not known, this computer's then. */
export const officeZone = ref(remembered())

export function learnZone(zone: string): void {
  officeZone.value = zone
  try {
    localStorage.setItem(KEY, zone)
  } catch {
    // Private windows may refuse; it is said again with the next report.
  }
}
