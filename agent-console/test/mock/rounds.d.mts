import type { Transitions } from '../../src/api/rounds'
import type { RoundReport } from '../../src/api/types'

export const report: RoundReport
export const transitions: Transitions
