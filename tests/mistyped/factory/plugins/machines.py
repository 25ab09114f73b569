"""The machines of a factory, each with what it needs to know."""

from __future__ import annotations

from lolpop_graph.integration import BaseIntegration


class Factory(BaseIntegration):
    """The plant as a whole."""

    __REQUIRED_CONF__ = {
        "sensor": ["thermometer", "pressure_gauge"],
        "line": ["assembly", "packaging"],
        "report": ["shift_report", "daily_report"],
        "config": ["plant_name", "archive_folder", "work_folder"],
    }

    def main(self) -> str:
        """Start everything."""
        return "running"

    def shutdown(self) -> str:
        """Stop everything."""
        return "stopped"


class Thermometer(BaseIntegration):
    """Measures temperatures."""

    __REQUIRED_CONF__ = {"config": ["unit"]}
    __DEFAULT_CONF__ = {"config": {"calibration_offset": 0.0}}


class PressureGauge(BaseIntegration):
    """Measures pressures."""

    __REQUIRED_CONF__ = {"config": ["unit"]}
    __DEFAULT_CONF__ = {"config": {"log_name": "pressure"}}


class Siren(BaseIntegration):
    """Is loud."""


class AssemblyLine(BaseIntegration):
    """Puts parts together."""

    __REQUIRED_CONF__ = {"station": ["welding", "painting"], "config": ["sampling_rate"]}


class PackagingLine(BaseIntegration):
    """Puts things into boxes."""

    __REQUIRED_CONF__ = {"station": ["boxing"], "line": ["assembly"]}


class WeldingStation(BaseIntegration):
    """Welds."""

    __REQUIRED_CONF__ = {"tool": ["torch|Torch", "clamp"], "config": ["max_temperature"]}


class PaintingStation(BaseIntegration):
    """Paints."""

    __REQUIRED_CONF__ = {"tool": ["sprayer"]}
    __DEFAULT_CONF__ = {"config": {"drying_time": 30}}


class BoxingStation(BaseIntegration):
    """Boxes."""

    __DEFAULT_CONF__ = {"config": {"box_size": 10, "label": ""}}


class Torch:
    """A plain class with two parameters."""

    def __init__(self, voltage: int, electrode: str = "carbon") -> None:
        """Take the voltage."""
        self.voltage = voltage
        self.electrode = electrode


class Clamp:
    """A plain class that takes an integration beside its config."""

    def __init__(self, force: int, thermometer: Thermometer) -> None:
        """Take the force."""
        self.force = force
        self.thermometer = thermometer


class Sprayer:
    """A plain class."""

    def __init__(self, colour: str, nozzle: int = 1) -> None:
        """Take the colour."""
        self.colour = colour
        self.nozzle = nozzle
