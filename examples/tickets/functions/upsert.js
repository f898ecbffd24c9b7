import axios from 'axios'
import _ from 'lodash'
import { v5 as uuid } from 'uuid'

// The same ticket has the same id in the list, whoever sends it and however often.
export default async ({ variables, inputs, source }) => {
  const { id, tags, customFields, ...ticket } = inputs
  const key = uuid(`${source.slug}/${id}`, variables.namespace)
  await axios.put(`${variables.listUrl}/tickets/${key}`, {
    ...ticket,
    tags: _.uniq(tags.map(_.kebabCase)).sort(),
    fields: _.mapKeys(_.omitBy(customFields, _.isNil), (_value, name) => _.camelCase(name)),
  })
  return { key }
}
