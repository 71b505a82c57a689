// foreign-homie3.js HOST PORT ID KEY: a thermostat as npm's homie-device 3.0.1 publishes it (Homie 3.0.1).
// Prints a line for each thing that happens to it; ends on SIGTERM.
// SPDX-License-Identifier: GPL-3.0-or-later
const HomieDevice = require('homie-device')

const [host, port, id, key] = process.argv.slice(2)
const device = new HomieDevice({
  name: 'Foreign thermostat',
  device_id: id,
  ip: '192.0.2.33',
  mac: '02:00:00:00:00:33',
  mqtt: { host, port: Number(port), base_topic: 'homie/', auth: true, username: id, password: key },
})
device.setFirmware('foreign-thermostat', '1.4.2')

const climate = device.node('climate', 'Climate', 'thermostat')
climate.advertise('temperature').setName('Temperature').setUnit('°C').setDatatype('float')
const setpoint = climate.advertise('setpoint').setName('Set point').setUnit('°C').setDatatype('float').setFormat('5:30')
  .settable((range, value) => {
    console.log(`set climate/setpoint ${value}`)
    // The same value in another form: the backend must compare by meaning.
    setpoint.setRetained(true).send(Number(value).toFixed(2))
  })
const power = climate.advertise('power').setName('Power').setDatatype('boolean').settable((range, value) => {
  console.log(`set climate/power ${value}`)
  power.setRetained(true).send(value)
})

let timer = null
device.on('connect', () => {
  console.log('connected')
  climate.setProperty('temperature').setRetained(true).send('21.5')
  setpoint.setRetained(true).send('20.0')
  power.setRetained(true).send('true')
  let n = 0
  clearInterval(timer)
  timer = setInterval(() => climate.setProperty('temperature').setRetained(true).send((21 + (n++ % 10) / 10).toFixed(1)), 500)
})
device.on('disconnect', () => console.log('disconnected'))
device.setup(true)
device.mqttClient.on('error', error => console.log(`error ${error.message}`))

process.on('SIGTERM', () => { device.end(); setTimeout(() => process.exit(0), 200) })
