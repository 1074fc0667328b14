// What Home Assistant takes in a discovery document: facts from home-assistant/core, components/mqtt/ (schemas.py,
// abbreviations.py, sensor.py, binary_sensor.py, button.py, switch.py) and the device classes of its entity platforms.
// Only what this project may use is listed; what is not here fails the test.

enum HomeAssistantKeys {
    static let abbreviations = [
        "dev": "device", "o": "origin", "cmps": "components", "p": "platform", "ids": "identifiers",
        "mf": "manufacturer", "mdl": "model", "sw": "sw_version", "avty_t": "availability_topic",
        "uniq_id": "unique_id", "dev_cla": "device_class", "stat_cla": "state_class",
        "unit_of_meas": "unit_of_measurement", "stat_t": "state_topic", "val_tpl": "value_template",
        "exp_aft": "expire_after", "json_attr_t": "json_attributes_topic",
        "json_attr_tpl": "json_attributes_template", "ent_cat": "entity_category", "cmd_t": "command_topic",
        "pl_prs": "payload_press", "pl_on": "payload_on", "pl_off": "payload_off", "opt": "optimistic",
    ]

    static let root: Set = [
        "device", "origin", "components", "availability_topic", "availability", "availability_mode", "state_topic",
        "command_topic", "qos", "encoding",
    ]
    static let requiredAtRoot: Set = ["device", "origin", "components"]
    static let device: Set = [
        "identifiers", "connections", "manufacturer", "model", "model_id", "name", "hw_version", "serial_number",
        "sw_version", "via_device", "suggested_area", "configuration_url",
    ]
    static let origin: Set = ["name", "sw_version", "support_url"]

    private static let entity: Set = [
        "platform", "unique_id", "name", "entity_category", "icon", "enabled_by_default", "json_attributes_topic",
        "json_attributes_template", "availability_topic", "qos",
    ]
    static let entities: [String: Set<String>] = [
        "sensor": entity.union([
            "device_class", "expire_after", "force_update", "last_reset_value_template", "options", "state_class",
            "state_topic", "suggested_display_precision", "unit_of_measurement", "value_template",
        ]),
        "binary_sensor": entity.union([
            "device_class", "expire_after", "force_update", "off_delay", "payload_off", "payload_on", "state_topic",
            "value_template",
        ]),
        "button": entity.union(["command_template", "command_topic", "device_class", "payload_press", "retain"]),
        "switch": entity.union([
            "command_template", "command_topic", "device_class", "optimistic", "payload_off", "payload_on", "retain",
            "state_off", "state_on", "state_topic", "value_template",
        ]),
    ]
    static let required: [String: Set<String>] = [
        "sensor": ["state_topic"], "binary_sensor": ["state_topic"], "button": ["command_topic"],
        "switch": ["command_topic"],
    ]

    static let binaryClasses: Set = [
        "battery", "battery_charging", "carbon_monoxide", "cold", "connectivity", "door", "garage_door", "gas", "heat",
        "light", "lock", "moisture", "motion", "moving", "occupancy", "opening", "plug", "power", "presence",
        "problem", "running", "safety", "smoke", "sound", "tamper", "update", "vibration", "window",
    ]
    /// The units that go with a class (developers.home-assistant.io, "Sensor entity"), as far as we use them.
    static let sensorUnits: [String: Set<String>] = [
        "water": ["L", "m³"], "volume_flow_rate": ["m³/h", "L/min"], "energy": ["Wh", "kWh", "MWh"],
        "power": ["mW", "W", "kW"], "voltage": ["mV", "V"], "current": ["mA", "A"], "frequency": ["Hz", "kHz"],
        "temperature": ["°C", "°F", "K"], "humidity": ["%"], "duration": ["s", "min", "h", "d"],
    ]
    static let stateClasses: Set = ["measurement", "total", "total_increasing"]
    /// Counters with `measurement` are refused for these.
    static let totals: Set = ["water", "energy"]
}
