"""Import the embedded standard library through sys.path.

The folder `sys._stdlib_dir` need not exist: a path hook claims it and the
folders below it that belong to the library, so that the order of sys.path
decides what shadows what, as with a library on disk.
"""

import _embedded
import _frozen_importlib
import _frozen_importlib_external
import sys

_ModuleSpec = _frozen_importlib.ModuleSpec


class EmbeddedLoader(_frozen_importlib_external._LoaderBasics):
    """Loader of one module of the embedded library."""

    __slots__ = ('name', 'path', '_key')

    def __init__(self, fullname, path, key):
        self.name = fullname
        self.path = path
        self._key = key

    def __eq__(self, other):
        return self.__class__ is other.__class__ and self.path == other.path and self.name == other.name

    def __hash__(self):
        return hash(self.name) ^ hash(self.path)

    def get_code(self, fullname):
        return _embedded.get_code(self._key, self.path)

    def get_source(self, fullname):
        return _embedded.get_data(self._key).decode('utf-8').replace('\r\n', '\n')

    def get_filename(self, fullname):
        return self.path

    def is_package(self, fullname):
        return self._key.endswith('/__init__.py')

    def get_data(self, path):
        root = sys._stdlib_dir + '/'
        if path.startswith(root):
            data = _embedded.get_data(path[len(root):])
            if data is not None:
                return data
        with _frozen_importlib_external._io.FileIO(path, 'r') as file:
            return file.read()

    def get_resource_reader(self, fullname):
        from importlib.readers import FileReader
        return FileReader(self)


class EmbeddedFinder:
    """Path entry finder of one folder of the embedded library."""

    __slots__ = ('path', '_folder')

    def __init__(self, path, folder):
        self.path = path
        self._folder = folder

    def __repr__(self):
        return f'EmbeddedFinder({self.path!r})'

    def find_spec(self, fullname, target=None):
        tail = fullname.rpartition('.')[2]
        key = self._folder + tail
        if _embedded.has_file(key + '/__init__.py'):
            package = f'{self.path}/{tail}'
            spec = self._spec(fullname, f'{package}/__init__.py', key + '/__init__.py')
            spec.submodule_search_locations = [package]
            return spec
        if _embedded.has_file(key + '.py'):
            return self._spec(fullname, f'{self.path}/{tail}.py', key + '.py')
        if _embedded.is_folder(key):
            spec = _ModuleSpec(fullname, None)
            spec.submodule_search_locations = [f'{self.path}/{tail}']
            return spec
        return None

    def _spec(self, fullname, path, key):
        spec = _ModuleSpec(fullname, EmbeddedLoader(fullname, path, key), origin=path)
        spec._set_fileattr = True
        return spec

    def invalidate_caches(self):
        pass

    def iter_modules(self, prefix=''):
        for name in _embedded.list_folder(self._folder.rstrip('/')):
            if name.endswith('/'):
                if _embedded.has_file(f'{self._folder}{name}__init__.py'):
                    yield prefix + name[:-1], True
            elif name.endswith('.py') and name != '__init__.py':
                yield prefix + name[:-3], False


def path_hook(path):
    """Path hook for the folders of the embedded library."""
    root = sys._stdlib_dir
    if path == root:
        return EmbeddedFinder(path, '')
    if path.startswith(root + '/'):
        folder = path[len(root) + 1:]
        if _embedded.is_folder(folder):
            return EmbeddedFinder(path, folder + '/')
    raise ImportError('not part of the embedded library', path=path)


def zip_path_hook(path):
    """Path hook for archives; imports zipimport when there is a file to look into."""
    place = path
    while True:
        try:
            mode = _frozen_importlib_external._path_stat(place).st_mode
        except (OSError, ValueError):
            above = _frozen_importlib_external._path_split(place)[0]
            if above == place or not above:
                raise ImportError('not a Zip file', path=path)
            place = above
        else:
            if mode & 0o170000 != 0o100000:
                raise ImportError('not a Zip file', path=path)
            from zipimport import zipimporter
            return zipimporter(path)
