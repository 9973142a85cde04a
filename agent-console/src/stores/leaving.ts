/**
 * What must reach the engine before somebody logs out: afterwards nothing of what he typed may stay
 * in this browser. Forms that are shown say how; the others were sent when they were left.
 */
type Save = () => Promise<boolean>
type Forget = (login: string) => void

const LONGEST_MS = 5000
const saves = new Set<Save>()
const forgets = new Set<Forget>()

/** @returns takes it back */
export function beforeLeaving(save: Save): () => void {
  saves.add(save)
  return () => saves.delete(save)
}

/** What somebody who has logged out has typed is given up where it is. */
export function whenLeft(forget: Forget): void {
  forgets.add(forget)
}

export function forgetTyped(login: string): void {
  forgets.forEach((forget) => forget(login))
}

/** True when nothing is left to be saved. */
export async function allSaved(): Promise<boolean> {
  const late = new Promise<boolean>((tell) => setTimeout(() => tell(false), LONGEST_MS))
  const each = [...saves].map((save) => Promise.race([save().catch(() => false), late]))
  return (await Promise.all(each)).every(Boolean)
}
