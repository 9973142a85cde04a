import { defineStore } from 'pinia'
import { ref } from 'vue'
import { routing, type Tier } from '../api/routing'

/** The tiers' names, asked for when the first one is shown; until then and without them, codes. */
export const useTiers = defineStore('tiers', () => {
  const tiers = ref<Tier[]>([])
  let asked = false

  async function load(): Promise<void> {
    if (asked) return
    asked = true
    try {
      tiers.value = await routing.tiers()
    } catch {
      asked = false
    }
  }

  function name(code: string, language: string): string {
    void load()
    const tier = tiers.value.find((each) => each.code === code)
    return (language === 'zh' ? tier?.nameZh : tier?.nameEn) || code
  }

  return { name }
})
