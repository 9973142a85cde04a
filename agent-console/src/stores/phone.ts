import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { careline } from '../api/careline'
import { Softphone, type PhoneView } from '../phone/softphone'
import { router } from '../router'
import { useLive } from './live'

/** The browser's telephone, kept while pages change. */
export const usePhone = defineStore('phone', () => {
  const view = ref<PhoneView>({
    registration: 'off',
    deskPhone: null,
    microphone: 'unknown',
    call: null,
    trouble: null
  })
  const audio = new Audio()
  audio.autoplay = true
  const softphone = new Softphone({
    access: careline.softphone,
    audio,
    changed: (next) => {
      // Whatever page is open: who is rung must see who calls.
      if (next.call && !view.value.call) void router.push({ name: 'work' })
      view.value = next
    }
  })
  const live = useLive()
  watch(
    () => live.connection,
    (connection) => {
      if (connection === 'live') softphone.again()
    }
  )
  const reachable = computed(() => ['registered', 'desk'].includes(view.value.registration))

  return {
    view,
    reachable,
    start: (take = false) => softphone.start(take),
    stop: () => softphone.stop(),
    answer: () => softphone.answer(),
    hangUp: () => softphone.hangUp(),
    toggleMute: () => softphone.toggleMute(),
    sendKey: (key: string) => softphone.sendKey(key),
    checkMicrophone: () => softphone.checkMicrophone()
  }
})
