/** What the editor of questionnaires does to a definition. Pure: each gives a new one. */
import type { FormDocument } from '../api/forms'
import type { Condition, Question, Section, Value } from '../api/types'

export const TESTS = ['equals', 'oneOf', 'includes', 'atLeast', 'atMost'] as const
export type Test = (typeof TESTS)[number]

/** One test of an answer, as a row of the editor. */
export interface Leaf {
  code: string
  test: Test
  /** Several with commas between them for oneOf. */
  value: string
}

/** A definition as it is edited: always in sections. */
export function sectionsOf(document: unknown): FormDocument {
  const given = (document ?? {}) as { sections?: Section[]; questions?: Question[] }
  const sections = Array.isArray(given.sections)
    ? given.sections
    : [
        {
          code: 'main',
          titleEn: 'Questions',
          titleZh: '问题',
          questions: Array.isArray(given.questions) ? given.questions : []
        }
      ]
  return JSON.parse(JSON.stringify({ sections })) as FormDocument
}

/** A code that is not taken: q1, q2 ... */
export function freeCode(document: FormDocument, prefix: string): string {
  const taken = new Set(
    document.sections.flatMap((section) => [section.code, ...section.questions.map((q) => q.code)])
  )
  for (let n = 1; ; n++) if (!taken.has(`${prefix}${n}`)) return `${prefix}${n}`
}

export function newQuestion(document: FormDocument): Question {
  return { code: freeCode(document, 'q'), type: 'yes_no', textEn: '', textZh: '', required: true }
}

export function newSection(document: FormDocument): Section {
  return { code: freeCode(document, 's'), titleEn: '', titleZh: '', questions: [newQuestion(document)] }
}

/** Keys that only some types have go with the type. */
export function retyped(question: Question, type: Question['type']): Question {
  const { options, unitEn, unitZh, min, max, decimals, longest, ...rest } = question
  const chosen = type === 'choice' || type === 'multi'
  return {
    ...rest,
    type,
    ...(chosen
      ? {
          options: options ?? [
            { value: 'a', textEn: '', textZh: '' },
            { value: 'b', textEn: '', textZh: '' }
          ]
        }
      : {}),
    ...(type === 'number' ? { unitEn, unitZh, decimals: decimals ?? 0 } : {}),
    ...(type === 'number' && question.type === 'number' ? { min, max } : {}),
    ...(type === 'text' && longest ? { longest } : {})
  }
}

/** What is empty is not said: the engine would take it for a text. */
export function without<T extends object>(from: T): T {
  return Object.fromEntries(
    Object.entries(from).filter(([, value]) => value !== '' && value !== undefined && value !== null)
  ) as T
}

/** Models as they are typed: with commas between them. */
export function modelsOf(typed: string): string[] | undefined {
  const models = typed
    .split(/[,，]/)
    .map((each) => each.trimStart())
    .filter((each, i, all) => each || i === all.length - 1)
  return models.some((each) => each.trim()) ? models : undefined
}

/** What is sent: optional texts that are empty are left out. */
export function cleaned(document: FormDocument): FormDocument {
  return {
    sections: document.sections.map((section) => ({
      ...without(section),
      ...tidy(section.models),
      titleEn: section.titleEn ?? '',
      titleZh: section.titleZh ?? '',
      questions: section.questions.map((question) => ({
        ...without(question),
        ...tidy(question.models),
        textEn: question.textEn,
        textZh: question.textZh
      }))
    }))
  }
}

const tidy = (models: string[] | undefined) => {
  const good = (models ?? []).map((each) => each.trim()).filter(Boolean)
  return { models: good.length ? good : undefined }
}

/** Models the definition names, as a device to try it with may have them. */
export function namedModels(document: FormDocument): string[] {
  const patterns = document.sections.flatMap((section) => [
    ...(section.models ?? []),
    ...section.questions.flatMap((question) => question.models ?? [])
  ])
  return [...new Set(patterns.map((each) => each.replaceAll('*', '').trim()).filter(Boolean))]
}

export function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const next = [...list]
  const [item] = next.splice(from, 1)
  if (item !== undefined) next.splice(from + by, 0, item)
  return next
}

export interface Simple {
  join: 'all' | 'any'
  leaves: Leaf[]
}

const leafOf = (condition: Condition): Leaf | null => {
  if ('all' in condition || 'any' in condition) return null
  const test = TESTS.find((name) => name in condition)
  if (!test) return null
  const value = (condition as Record<string, unknown>)[test]
  return {
    code: condition.code,
    test,
    value: Array.isArray(value) ? value.map(word).join(',') : word(value)
  }
}

const word = (value: unknown) => (value === true ? 'yes' : value === false ? 'no' : String(value ?? ''))

/** A condition as rows; null where it is more deeply nested than rows can show. */
export function simple(condition: Condition | undefined): Simple | null {
  if (!condition) return { join: 'all', leaves: [] }
  const join = 'any' in condition ? 'any' : 'all'
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : [condition]
  const leaves = parts.map(leafOf)
  return leaves.some((leaf) => leaf === null) ? null : { join, leaves: leaves as Leaf[] }
}

export function conditionOf(rows: Simple): Condition | undefined {
  const parts = rows.leaves.map((leaf): Condition => {
    const values: Value[] = leaf.value.split(',').map((each) => each.trim())
    return leaf.test === 'oneOf'
      ? { code: leaf.code, oneOf: values }
      : ({ code: leaf.code, [leaf.test]: leaf.value } as Condition)
  })
  if (parts.length === 0) return undefined
  if (parts.length === 1) return parts[0]
  return rows.join === 'any' ? { any: parts } : { all: parts }
}

/** The questions a condition at this place may lean on: earlier ones, of its own device or the site. */
export function earlier(document: FormDocument, section: number, question: number): Question[] {
  return document.sections.flatMap((each, i) => {
    if (i < section) return each.perDevice ? [] : each.questions
    return i === section ? each.questions.slice(0, Math.max(question, 0)) : []
  })
}

/** The tests that make sense of an answer of this type. */
export function testsOf(type: Question['type'] | undefined): Test[] {
  switch (type) {
    case 'yes_no':
      return ['equals']
    case 'choice':
    case 'text':
      return ['equals', 'oneOf']
    case 'scale_1_5':
      return ['equals', 'oneOf', 'atLeast', 'atMost']
    case 'number':
      return ['atLeast', 'atMost']
    case 'multi':
      return ['includes']
    default:
      return []
  }
}

/** The parts of a question or section that are not what they were, by their names. */
export function changedKeys(before: object | null, after: object | null): string[] {
  const was = (before ?? {}) as Record<string, unknown>
  const is = (after ?? {}) as Record<string, unknown>
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key])
  )
}
