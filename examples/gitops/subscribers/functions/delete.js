const axios = require('axios')

module.exports = async ({ variables, inputs }) => {
  await axios.delete(`${variables.listUrl}/subscribers/${encodeURIComponent(inputs.email)}`)
}
