import axios from 'axios'
import { v5 as uuid } from 'uuid'

export default async ({ variables, inputs, source }) => {
  const key = uuid(`${source.slug}/${inputs.id}`, variables.namespace)
  await axios.delete(`${variables.listUrl}/tickets/${key}`)
}
