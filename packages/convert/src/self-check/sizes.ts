import type { Rule } from './finding.ts'

/** Plain `kubectl apply` keeps the whole object in an annotation, which can have so many bytes. */
const LIMIT = 262_144

/** Kinds that hold what somebody else has written. */
const LARGE = new Set(['ConfigMap', 'Secret'])

/** No object is larger than kubectl and the API take. */
export const sizeRule: Rule = ({ all }) =>
  [...all].flatMap(([object, content]) => {
    if (!LARGE.has(content.kind)) return []
    const text = JSON.stringify(content)
    // A text of so many characters has at most three times as many bytes.
    const bytes = text.length * 3 <= LIMIT ? 0 : Buffer.byteLength(text)
    return bytes <= LIMIT
      ? []
      : [{ object, at: '', message: `it has ${bytes} bytes, and kubectl apply takes ${LIMIT}` }]
  })
