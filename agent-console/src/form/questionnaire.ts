/** The rules of a questionnaire form: which questions are asked now, and what is still missing. */
import type { Answers, Option, Question } from '../api/types'

const YES_NO: Option[] = [
  { value: 'yes', textEn: 'Yes', textZh: '是' },
  { value: 'no', textEn: 'No', textZh: '否' }
]

/** What can be chosen; empty for free text. */
export function choicesOf(question: Question): Option[] {
  if (question.type === 'yes_no') return YES_NO
  if (question.type === 'choice') return question.options ?? []
  if (question.type === 'scale_1_5') {
    return ['1', '2', '3', '4', '5'].map((value) => ({ value, textEn: value, textZh: value }))
  }
  return []
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
    if (!only || (open.has(only.code) && answers[only.code] === only.equals)) {
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
