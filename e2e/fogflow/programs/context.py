"""Discovery and brokers: who has which entity, and who hears of it."""
from common import BROKER, DISCOVERY, SITE, ask, later, say, serve, until


def discovery():
    """Registrations and subscriptions are in memory."""
    registered = {}
    subscribed = []

    def answer(path, body):
        if path == '/ngsi9/status':
            return 'ok'
        if path in ('/ngsi9/registerContext', '/ngsi9/unregisterContext'):
            if path == '/ngsi9/registerContext':
                registered[body['id']] = body
            else:
                body = {**registered.pop(body['id'], body), 'gone': True}
            say(f'{path[7:]} {body["id"]}')
            for kind, url in subscribed:
                if kind == body.get('type'):
                    later(ask, url, body)
            return {}
        if path == '/ngsi9/subscribe':
            subscribed.append((body['type'], body['reference']))
            for one in registered.values():
                if one['type'] == body['type']:
                    later(ask, body['reference'], one)
            return {}
        if path == '/ngsi9/discover':
            return registered.get(body['id'], {})
        return None

    serve(8090, answer)


def location_of(element):
    found = [one['value'] for one in element.get('domainMetadata') or [] if one['name'] == 'location']
    return found[0] if found else None


def broker():
    """Registers an entity when it is new to it, or elsewhere, and never again."""
    entities = {}
    subscriptions = {}
    own = f'{BROKER}/ngsi10'
    until(lambda: ask(f'{DISCOVERY}/ngsi9/status'), 2)

    def matches(wanted, element):
        one = element['entityId']
        return wanted['type'] == one['type'] and (wanted.get('isPattern') or wanted['id'] == one['id'])

    def notify(subscription, element):
        body = {'contextResponses': [{'contextElement': element}]}
        later(ask, f'{subscription["reference"]}/notifyContext', body)

    def update(element):
        one = element['entityId']
        before = entities.get(one['id'])
        location = location_of(element) or (before and location_of(before))
        if before is None or location != location_of(before):
            here = {'id': one['id'], 'type': one['type'], 'location': location, 'provider': own}
            ask(f'{DISCOVERY}/ngsi9/registerContext', here)
        entities[one['id']] = {**(before or {}), **element}
        for subscription in list(subscriptions.values()):
            if matches(subscription['entities'][0], element):
                notify(subscription, entities[one['id']])

    def answer(path, body):
        if path == '/version':
            return {}
        if path == '/ngsi10/entities':
            return sorted(entities)
        if path == '/ngsi10/subscription':
            return subscriptions
        if path == '/ngsi10/updateContext':
            for element in body['contextElements']:
                if body['updateAction'] != 'DELETE':
                    update(element)
                elif entities.pop(element['entityId']['id'], None) is None:
                    return None
                else:
                    ask(f'{DISCOVERY}/ngsi9/unregisterContext', element['entityId'])
            return {}
        if path == '/ngsi10/queryContext':
            wanted = body['entities'][0]['id']
            if wanted in entities:
                return {'contextResponses': [{'contextElement': entities[wanted]}]}
            provider = ask(f'{DISCOVERY}/ngsi9/discover', {'id': wanted}).get('provider', own)
            return {'contextResponses': []} if provider == own else ask(f'{provider}/queryContext', body)
        if path == '/ngsi10/subscribeContext':
            name = f's{len(subscriptions) + 1}.{SITE}.{id(body)}'
            subscriptions[name] = body
            wanted = body['entities'][0]
            for element in list(entities.values()):
                if matches(wanted, element):
                    notify(body, element)
            # what is at another broker is subscribed there, and passed on
            if '/forward/' not in body['reference']:
                later(ask, f'{DISCOVERY}/ngsi9/subscribe', {'type': wanted['type'], 'reference': f'{own}/available/{name}'})
            return {'subscribeResponse': {'subscriptionId': name}}
        if path == '/ngsi10/unsubscribeContext':
            return None if subscriptions.pop(body['subscriptionId'], None) is None else {}
        if path.startswith('/ngsi10/available/'):
            name = path.split('/')[3]
            wanted = subscriptions.get(name)
            if wanted and body['provider'] != own and not body.get('gone') and matches(wanted['entities'][0], {'entityId': body}):
                there = {'entities': [{'id': body['id'], 'type': body['type']}], 'reference': f'{own}/forward/{name}'}
                later(ask, f'{body["provider"]}/subscribeContext', there)
            return {}
        if path.startswith('/ngsi10/forward/'):
            wanted = subscriptions.get(path.split('/')[3])
            if wanted:
                later(ask, f'{wanted["reference"]}/notifyContext', body)
            return {}
        return None

    serve(8070, answer)
