/** What can be done with a talk, as the engine's phases allow it. Pure. */
import type { Talk } from '../api/types'

export type TalkVerb =
  | 'hold'
  | 'resume'
  | 'transfer'
  | 'consult'
  | 'complete'
  | 'cancel'
  | 'conference'
  | 'record-pause'
  | 'record-resume'

/** In the order of the buttons; empty when the caller is somebody else's. */
export function allowed(talk: Talk): TalkVerb[] {
  if (!talk.yours || talk.phoneHolds) return []
  const recording: TalkVerb = talk.recordingPaused ? 'record-resume' : 'record-pause'
  switch (talk.phase) {
    case 'talking':
      return ['hold', 'transfer', 'consult', recording]
    case 'held':
      return ['resume', 'transfer', 'consult']
    case 'consulting':
      return talk.consultedAnswered ? ['complete', 'conference', 'cancel'] : ['cancel']
    case 'conference':
      return ['complete', 'cancel', recording]
    default:
      return []
  }
}
