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
  // one that is behind a newer version
  if (key === 'GET /questionnaires/after-repair/draft/difference') {
    const was = (textEn, textZh, more = {}) => ({ code: 'x', type: 'yes_no', textEn, textZh, ...more })
    return {
      revision: 1, basedOn: 1, newest: 2,
      changes: [
        { code: 'fault_solved', section: false, theirs: 'changed', mine: 'changed', collides: true, before: was('Solved?', '解决了吗？'), newest: was('Has it been solved?', '故障是否已经解决？'), draft: was('Solved by us?', '由我们解决了吗？', { required: true }) },
        { code: 'gas_smell', section: false, theirs: 'added', mine: null, collides: false, before: null, newest: was('Does it smell of gas?', '有没有煤气味？'), draft: null },
        { code: 'remark', section: false, theirs: null, mine: 'removed', collides: false, before: was('Anything else?', '其他意见'), newest: was('Anything else?', '其他意见'), draft: null }
      ]
    }
  }
  if (key === 'GET /questionnaires/after-repair') {
    return {
      code: 'after-repair', version: 2, document: document(), campaigns: ['RJ-2026'],
      versions: [2, 1].map((version) => ({ version, publishedBy: '', publishedAt: at })),
      draft: { revision: 1, basedOn: 1, document: { sections: attemptWork().questionnaire.sections }, savedBy: 'zhao', savedAt: at, refusedBy: null, refusedAt: null, reworded: [], problems: [] }
    }
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
      problems: [], sections: work.questionnaire.sections, devices: [{ id: 1, model: 'BX-200', serial: '', gone: false }],
      asked: ['fault', 'fault_solved', 'fault_code@1', 'solved_on_phone@1', 'pressure@1', 'hidden_danger', 'parts', 'satisfaction', 'remark'],
      standing: { fault: 'yes' }, fallenAway: [], missing: ['fault_solved', 'hidden_danger', 'satisfaction'], refused: []
    }
  }
  if (key === 'GET /fault-cards') return attemptWork().faults
  return undefined
}
