import { recordOf } from '@landfall/diagnostic'
import type { Accounts } from '../facts.ts'

/** The users of /etc/passwd and the groups of /etc/group; lines that are no entries are passed over. */
export function parseAccounts(passwd: string, group: string): Accounts {
  const accounts: Accounts = { users: recordOf(), groups: recordOf() }
  for (const [name, , uid, gid] of entriesOf(passwd))
    if (isId(uid) && isId(gid)) accounts.users[name] ??= { uid: Number(uid), gid: Number(gid) }
  for (const [name, , gid] of entriesOf(group)) if (isId(gid)) accounts.groups[name] ??= Number(gid)
  return accounts
}

function entriesOf(text: string): [string, ...string[]][] {
  return text
    .split('\n')
    .map((line) => line.trim().split(':') as [string, ...string[]])
    .filter(([name]) => name !== '' && !name.startsWith('#'))
}

function isId(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,10}$/.test(text)
}
