/** How a callback can end, in the groups an agent thinks in. The codes are the engine's. */

export const DISPOSITION_GROUPS = [
  {
    group: 'spoken',
    codes: [
      'completed',
      'partial',
      'appointment',
      'responsible_person_absent',
      'not_asked',
      'referred',
      'refused_this_round',
      'refused_for_good',
      'language'
    ]
  },
  {
    group: 'notReached',
    codes: [
      'no_answer',
      'no_answer_unverified',
      'busy',
      'switched_off',
      'temporarily_unreachable',
      'out_of_service',
      'answering_machine',
      'voice_assistant',
      'technical'
    ]
  },
  { group: 'number', codes: ['number_not_existing', 'wrong_number', 'fax'] },
  {
    group: 'site',
    codes: [
      'temporarily_closed',
      'not_yet_opened',
      'site_closed',
      'site_moved',
      'device_removed',
      'headquarters_forbids'
    ]
  }
] as const

export type Disposition = (typeof DISPOSITION_GROUPS)[number]['codes'][number]

export const DISPOSITIONS: readonly string[] = DISPOSITION_GROUPS.flatMap((g) => [...g.codes])

/** Offered as buttons: most calls that reach somebody end so. What nobody answers, the engine settles. */
export const FREQUENT: readonly Disposition[] = [
  'completed',
  'partial',
  'appointment',
  'responsible_person_absent',
  'refused_this_round'
]

/** What can be heard although nobody answers: an announcement, or ringing. */
export const UNANSWERED: readonly Disposition[] = [
  'switched_off',
  'out_of_service',
  'temporarily_unreachable',
  'number_not_existing',
  'busy',
  'no_answer',
  'fax',
  'no_answer_unverified'
]

export interface Referral {
  name: string
  role: string
  number: string
}

export interface DispositionForm {
  disposition: string
  note: string
  appointmentAt: Date | null
  /** Who rings then. */
  appointmentWith?: 'me' | 'anybody'
  /** Whom the person on the phone has named instead of himself. */
  referral?: Referral
  /** Who asked for a time at which the rules would not permit it. */
  appointmentAsked?: string
}

export type FormProblem = 'referralMissing' | 'chooseDisposition' | 'answersMissing' | 'appointmentMissing' | 'appointmentPast'

/**
 * What keeps the form from being sent, or null. The engine judges again; this is only so that the
 * agent learns it before he has sent it.
 *
 * @param unanswered number of required questions without an answer
 */
export function problemOf(
  form: DispositionForm,
  unanswered: number,
  now: Date
): FormProblem | null {
  if (!DISPOSITIONS.includes(form.disposition)) return 'chooseDisposition'
  if (form.disposition === 'completed' && unanswered > 0) return 'answersMissing'
  if (form.disposition === 'referred' && !form.note.trim()) {
    if (!form.referral?.name.trim() || !form.referral.number.trim()) return 'referralMissing'
  }
  if (form.disposition === 'appointment') {
    if (!form.appointmentAt) return 'appointmentMissing'
    if (form.appointmentAt <= now) return 'appointmentPast'
  }
  return null
}
