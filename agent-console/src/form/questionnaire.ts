/** The rules of a questionnaire form: which questions are asked now, and what is still missing. */
import type { Answers, Question } from '../api/types'

export interface Choice {
  value: string
  textEn: string
  textZh: string
}

const YES_NO: Choice[] = [
  { value: 'yes', textEn: 'Yes', textZh: '是' },
  { value: 'no', textEn: 'No', textZh: '否' }
]

export function isYesNo(question: Question): boolean {
  return ['yes_no', 'yesno', 'yes/no', 'boolean'].includes(question.type)
}

export function isScale(question: Question): boolean {
  return ['scale', 'rating', 'scale_1_5', '1..5', 'integer'].includes(question.type)
}

/** What can be chosen; empty for free text. */
export function choicesOf(question: Question): Choice[] {
  if (isYesNo(question)) return YES_NO
  if (question.options?.length) {
    return question.options.map((option) =>
      typeof option === 'object'
        ? option
        : { value: String(option), textEn: String(option), textZh: String(option) }
    )
  }
  if (isScale(question)) {
    return ['1', '2', '3', '4', '5'].map((value) => ({ value, textEn: value, textZh: value }))
  }
  return []
}

function same(answer: string | undefined, wanted: string | boolean | number): boolean {
  if (typeof wanted === 'boolean') return answer === (wanted ? 'yes' : 'no')
  return answer === String(wanted)
}

/**
 * The questions to be asked with these answers, in order. A question that hangs on one which is
 * itself not asked is not asked either, so an old answer left behind opens nothing.
 */
export function asked(questions: readonly Question[], answers: Answers): Question[] {
  const open = new Set<string>()
  const result: Question[] = []
  for (const question of questions) {
    const only = question.onlyWhen
    if (!only || (open.has(only.code) && same(answers[only.code], only.equals))) {
      open.add(question.code)
      result.push(question)
    }
  }
  return result
}

/** Required questions that are asked and have no answer. */
export function missing(questions: readonly Question[], answers: Answers): Question[] {
  return asked(questions, answers).filter(
    (question) => question.required && !(answers[question.code] ?? '').trim()
  )
}
