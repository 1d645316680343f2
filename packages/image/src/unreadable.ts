/** Why an image cannot be read, in words for people. Stays inside of this package: callers get data. */
export class Unreadable extends Error {}

/** The image, or a part of it, does not exist where it was looked for. */
export class Absent extends Unreadable {}

/** The value, or an Unreadable with the sentence where there is none. */
export function orUnreadable<T>(value: T | undefined, sentence: string): T {
  if (value === undefined) throw new Unreadable(sentence)
  return value
}
