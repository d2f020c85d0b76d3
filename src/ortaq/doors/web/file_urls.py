# SPDX-License-Identifier: Apache-2.0
"""Addresses of files: on their way in, one's own, and out."""

from django.urls import URLPattern, URLResolver, path, re_path

from ortaq.doors.web import asking_for_files, downloads, my_files, uploads

_OF_RECORD = r"r/(?P<name>[^/.]{1,80})/files/(?P<digest>uEi[A-Za-z0-9_-]{44})"

urlpatterns: list[URLPattern | URLResolver] = [
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/<str:key>", uploads.upload, name="upload"),
    path("files/upload", my_files.my_files, name="my-files"),
    path("files/upload/<str:key>/delete", my_files.delete, name="upload-delete"),
    re_path(rf"^{_OF_RECORD}/fetch\Z", asking_for_files.fetch, name="file-fetch"),
    path("files/<str:digest>/preview/<str:node>", downloads.preview, name="file-preview"),
    path("files/<str:digest>/image/<int:size>", downloads.picture, name="file-picture"),
    path("files/<str:digest>/<str:name>", downloads.download, name="file"),
]
