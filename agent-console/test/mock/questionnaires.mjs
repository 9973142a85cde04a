// A questionnaire whose draft has a problem, and fault cards, as the engine would answer.
import { attemptWork } from './world.mjs'

const say = (zh, chinese, english) => (zh ? chinese : english)

const document = () => {
  const sections = JSON.parse(JSON.stringify(attemptWork().questionnaire.sections))
  sections[0].questions[1].onlyWhen = { code: 'fault_solved', equals: 'yes' }
  return { sections }
}

const at = '2026-03-02T01:00:00Z'

/** Undefined = none of ours. */
export function questionnairesAnswer(key, zh) {
  if (key === 'GET /questionnaires') {
    return [
      {
        code: 'quarterly', version: 2, publishedBy: 'plan', publishedAt: at, questions: 9,
        campaigns: ['RJ-2026', 'MT-2026'], draft: { revision: 3, savedBy: 'plan', savedAt: at }
      },
      { code: 'after-repair', version: 0, publishedBy: '', publishedAt: null, questions: 0, campaigns: [], draft: { revision: 1, savedBy: 'zhao', savedAt: at } }
    ]
  }
  if (key.startsWith('GET /questionnaires/')) {
    return {
      code: 'quarterly', version: 2, document: document(), campaigns: ['RJ-2026', 'MT-2026'],
      versions: [2, 1].map((version) => ({ version, publishedBy: 'plan', publishedAt: at })),
      draft: {
        revision: 3, basedOn: 2, document: document(), savedBy: 'plan', savedAt: at, refusedBy: 'zhao',
        refusedAt: at, reworded: ['satisfaction'],
        problems: [
          {
            at: 'sections[0].questions[1].onlyWhen',
            message: say(zh, '分支成环：每一个都在等下一个的答案，因此都不会被问到：fault_solved > fault_solved。请去掉其中一个条件', 'loops: each waits for the next one to be answered, so none is ever asked: fault_solved > fault_solved. Take one of these conditions away')
          }
        ]
      }
    }
  }
  if (key === 'POST /questionnaires/trial') {
    const work = attemptWork()
    return {
      problems: [], sections: work.questionnaire.sections, devices: [{ id: 1, model: '#1', serial: '' }],
      asked: ['fault', 'fault_solved', 'fault_code@1', 'solved_on_phone@1', 'pressure@1', 'hidden_danger', 'parts', 'satisfaction', 'remark'],
      standing: { fault: 'yes' }, fallenAway: [], missing: ['fault_solved', 'hidden_danger', 'satisfaction'], refused: []
    }
  }
  if (key === 'GET /fault-cards') return attemptWork().faults
  return undefined
}
