import { expect, test } from 'vitest'
import { ruleHandles } from './forwarding.ts'

test('only the rules with the comment of that bridge are found', () => {
  const listing = `table ip filter {
	chain FORWARD { # handle 2
		type filter hook forward priority filter; policy drop;
		oifname "landfall1" accept comment "landfall1" # handle 14
		iifname "landfall1" accept comment "landfall1" # handle 13
		iifname "landfall12" accept comment "landfall12" # handle 12
		counter packets 0 bytes 0 jump DOCKER-USER # handle 7
	}
}`
  expect(ruleHandles(listing, 'landfall1')).toEqual(['14', '13'])
})
