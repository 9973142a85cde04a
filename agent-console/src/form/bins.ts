/** Where a site of a round stands: the order of display, and one colour per meaning. */

export const BINS: readonly string[] = [
  'completed',
  'partial',
  'answered_by_record',
  'in_progress',
  'appointment_pending',
  'referral_pending',
  'refused_this_round',
  'do_not_call',
  'not_reached',
  'no_usable_number',
  'temporarily_closed',
  'closed',
  'moved',
  'round_closed_first',
  'not_dialled',
  'due'
]

const SHADES: Record<string, string> = {
  completed: '#2f8a4c',
  partial: '#8bbf6a',
  answered_by_record: '#5fae9a',
  in_progress: '#1f66b3',
  appointment_pending: '#7452a8',
  referral_pending: '#a98bd0',
  refused_this_round: '#c2372f',
  do_not_call: '#8c1f19',
  not_reached: '#d9902b',
  no_usable_number: '#a8702a',
  temporarily_closed: '#8d9aa0',
  closed: '#6b7478',
  moved: '#7d878b',
  round_closed_first: '#b39b6b',
  not_dialled: '#b9c2c5',
  due: '#dde4e5'
}

export function shadeOf(bin: string): string {
  return SHADES[bin] ?? '#94a0a4'
}

const OPEN = ['due', 'in_progress', 'appointment_pending', 'referral_pending']

/** Sites with a result that stays, whatever is still dialled. */
export function settled(bins: Record<string, number>): number {
  return Object.entries(bins)
    .filter(([bin]) => !OPEN.includes(bin))
    .reduce((sum, [, n]) => sum + n, 0)
}

export function sumOf(bins: Record<string, number>): number {
  return Object.values(bins).reduce((sum, n) => sum + n, 0)
}
