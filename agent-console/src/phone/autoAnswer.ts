/**
 * True when the engine asks the phone to answer by itself, as it does for the agent's leg of a
 * proactive call: `Call-Info: <...>;answer-after=0` or an Alert-Info that says so.
 *
 * @param header value of a header of the INVITE
 */
export function answersByItself(header: (name: string) => string | undefined): boolean {
  const callInfo = header('Call-Info') ?? ''
  const alertInfo = header('Alert-Info') ?? ''
  return (
    /;\s*answer-after\s*=\s*0\b/i.test(callInfo) ||
    /info\s*=\s*"?(alert-autoanswer|auto-?answer)\b/i.test(alertInfo) ||
    /^\s*auto[- ]?answer\s*$/i.test(alertInfo)
  )
}
