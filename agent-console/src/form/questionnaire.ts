/**
 * What a form shows: which questions are asked now, and what is missing. The engine decides by the
 * same rules; both are held to the cases of test/unit/branching.json.
 */
import type { Answers, Condition, FormDevice, Option, Question, Section } from '../api/types'

const YES_NO: Option[] = [
  { value: 'yes', textEn: 'Yes', textZh: '是' },
  { value: 'no', textEn: 'No', textZh: '否' }
]

/** A question that is asked, of the site or of one of its devices. */
export interface Asked {
  key: string
  question: Question
  section: Section
  /** Null = of the site itself. */
  device: FormDevice | null
}

export const keyOf = (code: string, device: FormDevice | null) =>
  device ? `${code}@${device.id}` : code

/** What can be chosen; empty where the answer is typed. */
export function choicesOf(question: Question): Option[] {
  if (question.type === 'yes_no') return YES_NO
  if (question.type === 'choice' || question.type === 'multi') {
    return (question.options ?? []).map((option) =>
      typeof option === 'string' ? { value: option, textEn: option, textZh: option } : option
    )
  }
  if (question.type === 'scale_1_5') {
    return ['1', '2', '3', '4', '5'].map((value) => ({ value, textEn: value, textZh: value }))
  }
  return []
}

/** The value of a multi with one of its options switched: in the order of the options. */
export function switched(question: Question, value: string, option: string): string {
  const chosen = new Set(value.split(',').filter(Boolean))
  if (!chosen.delete(option)) chosen.add(option)
  return choicesOf(question)
    .map((choice) => choice.value)
    .filter((each) => chosen.has(each))
    .join(',')
}

const word = (value: string | number | boolean) =>
  value === true ? 'yes' : value === false ? 'no' : String(value)

function holds(condition: Condition, answers: Map<string, string>): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, answers))
  if ('any' in condition) return condition.any.some((part) => holds(part, answers))
  const answer = answers.get(condition.code)
  if (answer === undefined) return false
  if ('equals' in condition) return answer === word(condition.equals)
  if ('oneOf' in condition) return condition.oneOf.some((value) => answer === word(value))
  if ('includes' in condition) return answer.split(',').includes(condition.includes)
  if ('atLeast' in condition) return Number(answer) >= Number(condition.atLeast)
  return Number(answer) <= Number(condition.atMost)
}

const plain = (text: string) => text.replace(/\s+/g, '').toLowerCase()

/** Whether a device is meant by patterns of models, where * stands for any letters. */
export function fits(models: readonly string[] | undefined, device: FormDevice | null): boolean {
  if (!device || !models?.length) return true
  return models.some((each) => {
    const letters = plain(each).split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${letters.join('.*')}${device.gone ? '.*' : ''}$`, 's').test(plain(device.model))
  })
}

/**
 * The questions to be asked with these answers, in order, a section of devices device by device. A
 * question that hangs on one which is itself not asked is not asked either, so an old answer left
 * behind opens nothing.
 */
export function asked(
  sections: readonly Section[],
  devices: readonly FormDevice[],
  answers: Answers
): Asked[] {
  const result: Asked[] = []
  const ofSite = new Map<string, string>()
  for (const section of sections) {
    if (section.onlyWhen && !holds(section.onlyWhen, ofSite)) continue
    for (const device of section.perDevice ? devices : [null]) {
      if (!fits(section.models, device)) continue
      const here = device ? new Map(ofSite) : ofSite
      for (const question of section.questions) {
        if (question.onlyWhen && !holds(question.onlyWhen, here)) continue
        if (!fits(question.models, device)) continue
        const key = keyOf(question.code, device)
        result.push({ key, question, section, device })
        const value = answers[key]
        if (value?.trim()) here.set(question.code, value)
      }
    }
  }
  return result
}

/** Required questions that are asked and have no answer. */
export function missing(questions: readonly Asked[], answers: Answers): Asked[] {
  return questions.filter((one) => one.question.required && !(answers[one.key] ?? '').trim())
}

/** Asked questions by section and device, as they stand under one title. */
export function grouped(questions: readonly Asked[]): Asked[][] {
  const groups: Asked[][] = []
  for (const one of questions) {
    const last = groups.at(-1)
    if (last && last[0]!.section === one.section && last[0]!.device === one.device) last.push(one)
    else groups.push([one])
  }
  return groups
}
