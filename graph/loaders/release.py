"""Releases, newest first, and what is known of a record beside its facts."""

from graph.loaders.batch import all_rows, ascending, descending, related
from graph.storage.tables import RecordState, Release, columns_of

_release, _state = columns_of(Release), columns_of(RecordState)
_ORDER = descending(_release.id)

releases = all_rows("releases", Release, order=_ORDER)
release_by_id = related("release_by_id", Release, by=_release.id, order=_ORDER)
state_by_uid = related("state_by_uid", RecordState, by=_state.uid, order=ascending(_state.uid))
