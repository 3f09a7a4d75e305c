"""Draws the athlete's world without a screen or a graphics card: OpenGL on EGL, by software if need be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from unslouch.testing.anatomy import Z, unit
from unslouch_athlete.meshes import Mesh

if TYPE_CHECKING:
    from unslouch.testing.camera import Camera
    from unslouch_athlete.surface import FloatArray

Picture = NDArray[np.uint8]
"""(height, width, 3), RGB."""

SHADOW_SIZE = 1024
SHADOW_HALF_M = 1.9
NEAR_M, FAR_M = 0.1, 20.0

VERTEX_SHADER = """#version 330
uniform mat4 to_clip, to_light;
in vec3 in_point, in_normal, in_colour;
in float in_kind;
out vec3 point, normal, colour;
out vec4 in_light;
flat out int kind;
void main() {
    point = in_point; normal = in_normal; colour = in_colour; kind = int(in_kind + 0.5);
    in_light = to_light * vec4(in_point, 1.0);
    gl_Position = to_clip * vec4(in_point, 1.0);
}"""

FRAGMENT_SHADER = """#version 330
uniform vec3 eye, key_from, key_colour, sky, ground;
uniform float fill;
uniform sampler2DShadow shadow;
in vec3 point, normal, colour;
in vec4 in_light;
flat in int kind;
out vec4 pixel;

float hash(vec2 p) { return fract(sin(dot(p, vec2(41.3, 289.1))) * 43758.5453); }
float noise(vec2 p) {
    vec2 cell = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    float low = mix(hash(cell), hash(cell + vec2(1, 0)), f.x);
    return mix(low, mix(hash(cell + vec2(0, 1)), hash(cell + vec2(1, 1)), f.x), f.y);
}
vec3 boards(vec3 c) {
    float row = floor(point.x * 6.5);
    vec2 at = vec2(point.x * 6.5, point.y * 0.7 + hash(vec2(row, 7.0)));
    c *= 0.8 + 0.25 * hash(floor(at)) + 0.12 * noise(point.xy * vec2(70.0, 7.0));
    return fract(at.x) < 0.025 ? c * 0.65 : c;
}
vec3 painted(vec3 c) {
    if (kind == 1) return boards(c);
    if (kind == 0) {
        float clouds = noise(point.xz * 2.5 + point.y), grain = noise(point.xz * 80.0 + point.y * 60.0);
        return c * (0.95 + 0.06 * clouds + 0.03 * grain);
    }
    if (kind == 3) return c * (0.92 + 0.15 * noise(point.xz * 60.0 + point.y * 40.0));
    if (kind == 2) return c * (0.97 + 0.05 * noise(point.xz * 40.0 + point.y * 30.0));
    return c;
}
float lit() {
    vec3 at = in_light.xyz / in_light.w * 0.5 + 0.5;
    if (any(greaterThan(abs(at - 0.5), vec3(0.495)))) return 1.0;
    float sum = 0.0;
    for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++)
            sum += texture(shadow, vec3(at.xy + vec2(i, j) / 900.0, at.z - 0.004));
    return sum / 9.0;
}
void main() {
    vec3 to_eye = normalize(eye - point), n = normalize(normal);
    if (kind >= 2 && !gl_FrontFacing) n = -n;
    vec3 base = painted(pow(colour, vec3(2.2)));
    float light = lit();
    float direct = max(dot(n, key_from), 0.0);
    if (kind == 2) direct = mix(direct, max((dot(n, key_from) + 0.3) / 1.3, 0.0), 0.5);
    vec3 ambient = mix(ground, sky, n.z * 0.5 + 0.5);
    float from_camera = fill * max(dot(n, normalize(to_eye + vec3(0, 0, 0.6))), 0.0);
    vec3 shine = vec3(0.0);
    if (kind == 2 || kind == 4) {
        float sharp = kind == 4 ? 40.0 : 18.0;
        shine = key_colour * light * 0.10 * pow(max(dot(n, normalize(key_from + to_eye)), 0.0), sharp);
    }
    vec3 c = base * (ambient + key_colour * direct * light + from_camera) + shine;
    pixel = vec4(pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0);
}"""

SHADOW_SHADER = """#version 330
uniform mat4 to_light;
in vec3 in_point;
void main() { gl_Position = to_light * vec4(in_point, 1.0); }"""


class RenderError(Exception):
    """Nothing can be drawn on this machine; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Light:
    """How a room is lit; 1.0 is a bright day."""

    key: float = 1.0
    fill: float = 1.0
    key_from: tuple[float, float, float] = (0.5, -0.75, 1.1)
    warmth: float = 0.0


class Renderer:
    """Draws meshes in a room; close it after use.

    Parameters
    ----------
    size_px : (width, height).
    room : everything that never moves.
    light : how it is lit.
    noise : standard deviation of the sensor's noise, grey levels.
    seed : of the noise.
    """

    def __init__(
        self,
        size_px: tuple[int, int],
        room: Mesh,
        light: Light | None = None,
        *,
        noise: float = 2.5,
        seed: int = 0,
    ) -> None:
        headless: dict[str, Any] = {"backend": "egl"}
        try:
            self._gl = moderngl.create_context(standalone=True, **headless)
        except Exception as error:  # moderngl raises whatever the driver says
            raise RenderError(
                f"This machine cannot draw without a screen ({error}): install libegl1 and libgl1-mesa-dri"
            ) from error
        self._size = size_px
        self._light = light or Light()
        self._noise = noise
        self._rng = np.random.default_rng(seed)
        self._gl.enable(moderngl.DEPTH_TEST)
        self._program = self._gl.program(VERTEX_SHADER, FRAGMENT_SHADER)
        self._shadow_program = self._gl.program(SHADOW_SHADER, "#version 330\nvoid main() {}")
        self._shadow = self._gl.depth_texture((SHADOW_SIZE, SHADOW_SIZE))
        self._shadow.compare_func = "<="
        self._shadow_buffer = self._gl.framebuffer(depth_attachment=self._shadow)
        self._smooth = self._gl.framebuffer(
            [self._gl.renderbuffer(size_px, samples=4)], self._gl.depth_renderbuffer(size_px, samples=4)
        )
        self._plain = self._gl.framebuffer([self._gl.renderbuffer(size_px)])
        self._room, *_ = self._upload(room)

    def close(self) -> None:
        """Give the graphics memory back."""
        self._gl.release()

    def draw(self, things: Mesh, camera: Camera) -> Picture:
        """Draw one picture of what moves, in the room."""
        visible, shadow, *buffers = self._upload(things)
        to_light = self._light_matrix()
        self._shadow_buffer.use()
        self._shadow_buffer.clear(depth=1.0)
        self._write(self._shadow_program, to_light=to_light)
        shadow.render()
        self._smooth.use()
        self._smooth.clear(0.5, 0.5, 0.5)
        self._shadow.use(0)
        self._set_light(to_light, camera)
        self._room.render()
        visible.render()
        self._gl.copy_framebuffer(self._plain, self._smooth)
        width, height = self._size
        raw = np.frombuffer(self._plain.read(components=3), np.uint8).reshape(height, width, 3)[::-1]
        for used in (visible, shadow, *buffers):
            used.release()
        return self._with_noise(raw)

    def _upload(self, mesh: Mesh) -> tuple[Any, Any, Any, Any]:
        """Hand a mesh to OpenGL: what draws it, what draws its shadow, and their two buffers."""
        table = np.hstack([mesh.points_m, mesh.normals, mesh.colours, mesh.kinds[:, None]]).astype("f4")
        data, index = self._gl.buffer(table.tobytes()), self._gl.buffer(mesh.faces.astype("i4").tobytes())
        names = ("in_point", "in_normal", "in_colour", "in_kind")
        visible = self._gl.vertex_array(self._program, [(data, "3f 3f 3f 1f", *names)], index)
        shadow = self._gl.vertex_array(self._shadow_program, [(data, "3f 28x", "in_point")], index)
        return visible, shadow, data, index

    def _light_matrix(self) -> FloatArray:
        """Orthographic view from the key light on the middle of the room."""
        backward = unit(np.array(self._light.key_from))
        right = unit(np.cross(Z, backward))
        matrix = np.eye(4)
        matrix[:3, :3] = np.stack([right, np.cross(backward, right), -backward])
        matrix[:3, :3] /= np.array([[SHADOW_HALF_M], [SHADOW_HALF_M], [6.0]])
        matrix[:3, 3] = -matrix[:3, :3] @ np.array([0.0, 0.0, 0.9])
        return matrix

    def _set_light(self, to_light: FloatArray, camera: Camera) -> None:
        light = self._light
        tint = np.array([1.0 + 0.12 * light.warmth, 1.0, 1.0 - 0.2 * light.warmth])
        self._write(
            self._program,
            to_clip=_clip_matrix(camera),
            to_light=to_light,
            eye=camera.eye_m,
            key_from=unit(np.array(light.key_from)),
            key_colour=light.key * np.array([0.78, 0.74, 0.67]) * tint,
            sky=light.fill * np.array([0.42, 0.43, 0.46]) * tint,
            ground=light.fill * np.array([0.21, 0.19, 0.17]) * tint,
            fill=np.array(light.fill * 0.26),
        )

    @staticmethod
    def _write(program: Any, **uniforms: FloatArray) -> None:
        for name, value in uniforms.items():
            program[name].write(np.asarray(value).T.astype("f4").tobytes())

    def _with_noise(self, picture: Picture) -> Picture:
        if not self._noise:
            return np.ascontiguousarray(picture)
        height, width = picture.shape[:2]
        grain = self._rng.standard_normal((height, width), dtype=np.float32) * self._noise
        return np.clip(picture + grain[:, :, None], 0, 255).astype(np.uint8)


def _clip_matrix(camera: Camera) -> FloatArray:
    width, height = camera.size_px
    view = np.eye(4)
    view[:3, :3] = camera.axes
    view[:3, 3] = -camera.axes @ camera.eye_m
    depth = FAR_M - NEAR_M
    project = np.array(
        [
            [2 * camera.focal_px / width, 0, 0, 0],
            [0, 2 * camera.focal_px / height, 0, 0],
            [0, 0, -(FAR_M + NEAR_M) / depth, -2 * FAR_M * NEAR_M / depth],
            [0, 0, -1, 0],
        ]
    )
    return np.asarray(project @ view)
