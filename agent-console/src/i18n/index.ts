import { createI18n } from 'vue-i18n'
import type { Language } from '../api/types'
import { en } from './en'
import { zh } from './zh'

const KEY = 'careline.language'

function remembered(): Language | null {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'zh' || value === 'en' ? value : null
  } catch {
    return null
  }
}

export const i18n = createI18n({
  legacy: false,
  locale: remembered() ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'),
  fallbackLocale: 'en',
  messages: { zh, en }
})

/** Sets the language of texts, dates and the document. Remembered when the person chose it. */
export function speak(language: Language, remember = true): void {
  i18n.global.locale.value = language
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = i18n.global.t('app.name')
  if (!remember) return
  try {
    localStorage.setItem(KEY, language)
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

/** The language of the account, unless this browser's user has chosen one himself. */
export function speakAsAccount(language: Language): void {
  if (!remembered()) speak(language, false)
}

/** What something is called in the language chosen here. */
export const named = (item: { nameEn: string; nameZh: string }): string =>
  i18n.global.locale.value === 'zh' ? item.nameZh : item.nameEn
