const axios = require('axios')

// Called for every deleted contact. One that is gone already is as good as deleted.
module.exports = async ({ variables, inputs }) => {
  const response = await axios.delete(`${variables.baseUrl}/contacts/${encodeURIComponent(inputs.id)}`, {
    headers: { authorization: `Bearer ${variables.apiKey}` },
    timeout: 10000,
    validateStatus: (status) => (status >= 200 && status < 300) || status === 404,
  })
  return { status: response.status }
}
